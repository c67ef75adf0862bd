-- What a re-run takes over from the run that it repeats: engine/rerun.ts.
ALTER TABLE "runs" ADD COLUMN "rerun" JSONB;
