CREATE TABLE flow_bins (
  site TEXT NOT NULL, -- identifier of the intersection
  approach TEXT NOT NULL, -- arm of the intersection on which the vehicles arrive
  minutes INTEGER NOT NULL, -- nominal length of the bin: 1, 5, 15 or 60 minutes
  start_time TEXT NOT NULL, -- first instant of the bin; bins are aligned to the wall clock of the site
  revision INTEGER NOT NULL, -- 1 when the bin closed, one more for each time that late data changed it; older revisions stay
  cursor INTEGER NOT NULL, -- place in the approach's stream of closed and revised bins; a higher one came later
  end_time TEXT NOT NULL, -- first instant after the bin
  start_offset_minutes INTEGER NOT NULL, -- what the site's clock is ahead of UTC at start_time, in minutes
  end_offset_minutes INTEGER NOT NULL, -- what the site's clock is ahead of UTC at end_time, in minutes
  observed_seconds REAL NOT NULL, -- for how many seconds every camera that feeds the approach watched
  quality TEXT NOT NULL, -- complete: watched for 99 % or more; partial: counts are a lower bound; blind: counts are missing, not zero; degraded: too many frames were lost
  site_hash TEXT NOT NULL, -- hash of the site configuration that made the bin, the newest where it changed inside
  model TEXT NOT NULL, -- detector that made the bin, the newest where it changed inside
  model_version TEXT NOT NULL, -- version of that detector
  calibration TEXT NOT NULL, -- version of the ground calibration; none without one
  sources TEXT NOT NULL, -- every camera's configuration, detector and calibration: a list of { camera, site_hash, model, model_version, calibration }
  closed_at TEXT NOT NULL, -- when the server closed or revised the bin, by its own clock
  PRIMARY KEY (site, approach, minutes, start_time, revision)
) WITHOUT ROWID;
CREATE TABLE flow_counts (
  site TEXT NOT NULL, -- identifier of the intersection
  approach TEXT NOT NULL, -- arm of the intersection on which the vehicles arrive
  minutes INTEGER NOT NULL, -- nominal length of the bin: 1, 5, 15 or 60 minutes
  start_time TEXT NOT NULL, -- first instant of the bin; bins are aligned to the wall clock of the site
  revision INTEGER NOT NULL, -- 1 when the bin closed, one more for each time that late data changed it; older revisions stay
  movement TEXT NOT NULL, -- entering, exiting, or 'to' and the arm on which the vehicles leave
  class TEXT NOT NULL, -- passenger-car, light-goods, heavy-goods, bus, motorcycle or unclassified
  count INTEGER NOT NULL, -- vehicles; a bin without a row counted none, unless it is blind
  small INTEGER NOT NULL, -- vehicles of these that are known to be small
  large INTEGER NOT NULL, -- vehicles of these that are known to be large
  speed_samples INTEGER NOT NULL, -- vehicles of these whose speed was measured
  speed_sum_kmh REAL NOT NULL, -- sum of their speeds in km/h; over speed_samples: the time-mean speed
  pace_sum REAL NOT NULL, -- sum of 1 / speed in h/km; speed_samples over it: the space-mean speed in km/h
  PRIMARY KEY (site, approach, minutes, start_time, revision, movement, class)
) WITHOUT ROWID;
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
