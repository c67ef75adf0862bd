#!/usr/bin/env bash
# A newcomer's first quarter of an hour, for real: tests/fresh-clone.sh root|user
#   root: a clone under a home of mode 0700.   user: a clone of a plain user, made for this and removed afterwards (needs root).
# Clones, starts, posts the printed alert, reads the finished run, stops with Ctrl-C's signal, looks for leftovers, and starts again.
set -euo pipefail

who=${1:-}
[[ $who == root || $who == user ]] || { echo "usage: tests/fresh-clone.sh root|user" >&2; exit 2; }
[[ $(id -u) == 0 ]] || { echo "run it as root: it makes a home of mode 0700, or a user" >&2; exit 2; }
source=$(cd "$(dirname "$0")/.." && pwd)
account=root
began=$SECONDS
say() { printf '%4d s  %s\n' $((SECONDS - began)) "$*"; }

if [[ $who == user ]]; then
  account=playgraph-fresh-$$
  useradd --create-home --shell /bin/bash "$account"
  home=$(getent passwd "$account" | cut -d: -f6)
else
  home=$(mktemp -d "$HOME/playgraph-fresh-XXXXXX")
fi
chmod 0700 "$home"
clone=$home/playgraph
# As root the data lives outside the clone, also that of a start that fails.
data=$([[ $who == user ]] && echo "$clone/.data" || echo "/var/lib/playgraph/playgraph-$(printf %s "$clone" | sha256sum | cut -c1-8)")
log=$(mktemp)
starter=

# A plain environment: the machine's own PATH, not one that already holds a node_modules/.bin, and no setting of ours.
registry=$(cd / && npm config get registry 2>/dev/null)
as_account() { # <command line>
  local run=(env -i HOME="$home" USER="$account" LANG=C.UTF-8 TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    npm_config_registry="$registry" PORT="$port" bash -c "$1")
  if [[ $account == root ]]; then exec "${run[@]}"; else exec setpriv --reuid="$account" --regid="$account" --init-groups "${run[@]}"; fi
}
leftovers() { ps -eo pid,user,args | grep -F -e "$clone" -e "$data" | grep -v -e grep -e fresh-clone || true; }
cleanup() {
  if [[ -n $starter ]]; then kill -INT "$starter" 2>/dev/null && wait "$starter" || true; fi
  [[ $account == root ]] || userdel "$account" 2>/dev/null || true
  rm -rf "$home" "$log"
  [[ $who == user ]] || rm -rf "$data"
}
trap cleanup EXIT
fail() { say "FAILED: $*"; tail -n 40 "$log"; exit 1; }
json() { node -e 'let t="";process.stdin.on("data",(c)=>t+=c).on("end",()=>{const v=new Function("v","return "+process.argv[1])(JSON.parse(t));console.log(typeof v==="string"?v:JSON.stringify(v))})' "$1"; }
free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

start() { # starts and waits for the last thing it prints
  : >"$log"
  (as_account "cd '$clone' && exec npm start") >"$log" 2>&1 </dev/null &
  starter=$!
  until grep -q '^curl ' "$log"; do
    kill -0 "$starter" 2>/dev/null || { starter=; fail "npm start ended by itself"; }
    sleep 0.2
  done
  grep -E '✓|Ready|Open|Sign in|Data' "$log" | sed 's/^/        | /'
  grep -qF "$data" "$log" || fail "the data is not in $data"
}
stop() {
  kill -INT "$starter"
  wait "$starter" || fail "npm start ended with exit code $?"
  starter=
  sleep 0.5
  [[ -z $(leftovers) ]] || fail "still running: $(leftovers)"
  say "stopped by SIGINT with exit code 0, nothing is left running"
}
api() { curl -fsS -H "Authorization: Bearer $token" "http://127.0.0.1:$port/api/v1$1"; }
sign_in() {
  token=$(curl -fsS "http://127.0.0.1:$port/api/v1/auth/login" -H 'Content-Type: application/json' -d "{\"username\":\"admin\",\"password\":\"$password\"}" | json v.access_token)
}

port=$(free_port)
git clone --quiet "$source" "$clone"
chown -R "$account": "$home"
say "cloned $(git -C "$source" rev-parse --short HEAD) as $account into $clone ($(stat -c %a "$home")); node $(env -i PATH=/usr/local/bin:/usr/bin:/bin node --version), npm $(cd / && npm --version 2>/dev/null)"

start
say "first start is ready"
password=$(sed -n 's/^ *Sign in  *admin \/ \([^ ]*\).*/\1/p' "$log")
[[ -n $password ]] || fail "no password was printed"

alert=$(bash -c "$(grep '^curl ' "$log")" | json v.alert_id)
say "posted the printed alert: $alert"
sign_in
for _ in $(seq 150); do
  runs=$(api "/runs?alert_id=$alert" | json 'v.runs.map((r)=>[r.id,r.status,r.playbook.name])')
  finished=$(json '(v.find((r)=>r[1]==="success")||[""])[0]' <<<"$runs")
  [[ -n $finished ]] && break
  sleep 0.2
done
[[ -n ${finished:-} ]] || fail "no run succeeded: $runs"
say "runs: $runs"
say "steps of $finished: $(api "/runs/$finished" | json 'v.steps.map((s)=>s.node_id+"="+s.status).join(" ")')"
stop

start
say "second start is ready"
sign_in
[[ $(api "/alerts/$alert" | json v.id) == "$alert" ]] || fail "the alert is gone"
[[ $(api "/runs/$finished" | json v.status) == success ]] || fail "the run is gone"
say "the alert and its run are still there"
stop
say "passed"
