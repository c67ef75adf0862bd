/** Must be imported before anything that makes a schema: zod would otherwise compile its parsers with `new Function`. */
import { config } from "zod";

config({ jitless: true });
