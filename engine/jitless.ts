/** Loads first: zod must not build validators with `Function` (no code generation from text, DESIGN 6). */
import { z } from "zod";

z.config({ jitless: true });
