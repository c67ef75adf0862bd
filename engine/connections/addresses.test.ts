import { expect, test } from "vitest";
import { refusalOf } from "./addresses.ts";

test.each(["8.8.8.8", "185.220.101.34", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])("%s may be reached", (address) => {
  expect(refusalOf(address, false)).toBeUndefined();
});

test.each(["10.0.0.1", "172.16.5.4", "192.168.1.1", "127.0.0.1", "127.9.9.9", "100.64.0.1", "169.254.1.1", "::1", "fd12::1", "fe80::1", "::ffff:10.0.0.1", "::ffff:7f00:1", "64:ff9b::a00:1", "2002:a00:1::1"])(
  "%s only where private addresses are allowed",
  (address) => {
    expect(refusalOf(address, false)).toBeDefined();
    expect(refusalOf(address, true)).toBeUndefined();
  },
);

test.each(["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "nonsense"])("%s never", (address) => {
  expect(refusalOf(address, true)).toBeDefined();
});
