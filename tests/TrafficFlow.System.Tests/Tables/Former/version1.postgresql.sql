CREATE TABLE flow_bins (
  site text NOT NULL,
  approach text NOT NULL,
  minutes bigint NOT NULL,
  start_time timestamptz NOT NULL,
  revision bigint NOT NULL,
  cursor bigint NOT NULL,
  end_time timestamptz NOT NULL,
  start_offset_minutes bigint NOT NULL,
  end_offset_minutes bigint NOT NULL,
  observed_seconds double precision NOT NULL,
  quality text NOT NULL,
  site_hash text NOT NULL,
  model text NOT NULL,
  model_version text NOT NULL,
  calibration text NOT NULL,
  sources jsonb NOT NULL,
  closed_at timestamptz NOT NULL,
  PRIMARY KEY (site, approach, minutes, start_time, revision)
);
COMMENT ON COLUMN flow_bins.site IS 'identifier of the intersection';
COMMENT ON COLUMN flow_bins.approach IS 'arm of the intersection on which the vehicles arrive';
COMMENT ON COLUMN flow_bins.minutes IS 'nominal length of the bin: 1, 5, 15 or 60 minutes';
COMMENT ON COLUMN flow_bins.start_time IS 'first instant of the bin; bins are aligned to the wall clock of the site';
COMMENT ON COLUMN flow_bins.revision IS '1 when the bin closed, one more for each time that late data changed it; older revisions stay';
COMMENT ON COLUMN flow_bins.cursor IS 'place in the approach''s stream of closed and revised bins; a higher one came later';
COMMENT ON COLUMN flow_bins.end_time IS 'first instant after the bin';
COMMENT ON COLUMN flow_bins.start_offset_minutes IS 'what the site''s clock is ahead of UTC at start_time, in minutes';
COMMENT ON COLUMN flow_bins.end_offset_minutes IS 'what the site''s clock is ahead of UTC at end_time, in minutes';
COMMENT ON COLUMN flow_bins.observed_seconds IS 'for how many seconds every camera that feeds the approach watched';
COMMENT ON COLUMN flow_bins.quality IS 'complete: watched for 99 % or more; partial: counts are a lower bound; blind: counts are missing, not zero; degraded: too many frames were lost';
COMMENT ON COLUMN flow_bins.site_hash IS 'hash of the site configuration that made the bin, the newest where it changed inside';
COMMENT ON COLUMN flow_bins.model IS 'detector that made the bin, the newest where it changed inside';
COMMENT ON COLUMN flow_bins.model_version IS 'version of that detector';
COMMENT ON COLUMN flow_bins.calibration IS 'version of the ground calibration; none without one';
COMMENT ON COLUMN flow_bins.sources IS 'every camera''s configuration, detector and calibration: a list of { camera, site_hash, model, model_version, calibration }';
COMMENT ON COLUMN flow_bins.closed_at IS 'when the server closed or revised the bin, by its own clock';
CREATE TABLE flow_counts (
  site text NOT NULL,
  approach text NOT NULL,
  minutes bigint NOT NULL,
  start_time timestamptz NOT NULL,
  revision bigint NOT NULL,
  movement text NOT NULL,
  class text NOT NULL,
  count bigint NOT NULL,
  small bigint NOT NULL,
  large bigint NOT NULL,
  speed_samples bigint NOT NULL,
  speed_sum_kmh double precision NOT NULL,
  pace_sum double precision NOT NULL,
  PRIMARY KEY (site, approach, minutes, start_time, revision, movement, class)
);
COMMENT ON COLUMN flow_counts.site IS 'identifier of the intersection';
COMMENT ON COLUMN flow_counts.approach IS 'arm of the intersection on which the vehicles arrive';
COMMENT ON COLUMN flow_counts.minutes IS 'nominal length of the bin: 1, 5, 15 or 60 minutes';
COMMENT ON COLUMN flow_counts.start_time IS 'first instant of the bin; bins are aligned to the wall clock of the site';
COMMENT ON COLUMN flow_counts.revision IS '1 when the bin closed, one more for each time that late data changed it; older revisions stay';
COMMENT ON COLUMN flow_counts.movement IS 'entering, exiting, or ''to'' and the arm on which the vehicles leave';
COMMENT ON COLUMN flow_counts.class IS 'passenger-car, light-goods, heavy-goods, bus, motorcycle or unclassified';
COMMENT ON COLUMN flow_counts.count IS 'vehicles; a bin without a row counted none, unless it is blind';
COMMENT ON COLUMN flow_counts.small IS 'vehicles of these that are known to be small';
COMMENT ON COLUMN flow_counts.large IS 'vehicles of these that are known to be large';
COMMENT ON COLUMN flow_counts.speed_samples IS 'vehicles of these whose speed was measured';
COMMENT ON COLUMN flow_counts.speed_sum_kmh IS 'sum of their speeds in km/h; over speed_samples: the time-mean speed';
COMMENT ON COLUMN flow_counts.pace_sum IS 'sum of 1 / speed in h/km; speed_samples over it: the space-mean speed in km/h';
CREATE INDEX flow_bins_cursor ON flow_bins (site, approach, cursor);
CREATE VIEW flow_bins_latest AS SELECT b.* FROM flow_bins b WHERE NOT EXISTS (
  SELECT 1 FROM flow_bins n WHERE n.site = b.site AND n.approach = b.approach AND n.minutes = b.minutes
    AND n.start_time = b.start_time AND n.revision > b.revision);
CREATE VIEW flow_counts_latest AS SELECT c.* FROM flow_counts c JOIN flow_bins_latest b ON c.site = b.site
  AND c.approach = b.approach AND c.minutes = b.minutes AND c.start_time = b.start_time AND c.revision = b.revision;
CREATE TABLE flow_tables_version (version int NOT NULL);
INSERT INTO flow_tables_version (version) VALUES (1);
INSERT INTO flow_bins VALUES ('kokandori', 'north', 1, '2026-03-31T23:00:00.000Z', 1, 1, '2026-03-31T23:01:00.000Z', 540, 540, 59.9999997, 'complete', '0123456789abcdef', 'motion', '1', 'none', '[{"camera":"cam1","site_hash":"0123456789abcdef","model":"motion","model_version":"1","calibration":"none"}]', '2026-03-31T23:01:01.500Z');
INSERT INTO flow_bins VALUES ('kokandori', 'north', 1, '2026-03-31T23:00:00.000Z', 2, 3, '2026-03-31T23:01:00.000Z', 540, 540, 59.9999997, 'complete', '0123456789abcdef', 'motion', '1', 'none', '[{"camera":"cam1","site_hash":"0123456789abcdef","model":"motion","model_version":"1","calibration":"none"}]', '2026-03-31T23:03:01.500Z');
INSERT INTO flow_bins VALUES ('kokandori', 'north', 1, '2026-03-31T23:01:00.000Z', 1, 2, '2026-03-31T23:02:00.000Z', 540, 540, 0, 'blind', '', '', '', '', '[]', '2026-03-31T23:02:01.500Z');
INSERT INTO flow_counts VALUES ('kokandori', 'north', 1, '2026-03-31T23:00:00.000Z', 1, 'entering', 'bus', 3, 0, 3, 3, 99.9, 0.09);
INSERT INTO flow_counts VALUES ('kokandori', 'north', 1, '2026-03-31T23:00:00.000Z', 2, 'entering', 'bus', 5, 0, 5, 5, 166.5, 0.15);
INSERT INTO flow_counts VALUES ('kokandori', 'north', 1, '2026-03-31T23:00:00.000Z', 2, 'to south', 'passenger-car', 1, 1, 0, 0, 0, 0);
