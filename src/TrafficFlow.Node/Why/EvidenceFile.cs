using System.Globalization;
using Microsoft.Data.Sqlite;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Node.Why;

/// <summary>
/// Why things were counted, in a SQLite file of the node: evidence.db in its data folder. Bounded by days and by rows. Entries that are written again
/// (a file read again after a kill) replace themselves.
/// </summary>
/// <param name="sites">As they are now, for what a gate means and for the time zone.</param>
internal sealed class EvidenceFile(string file, EvidenceSettings settings, Func<IReadOnlyList<Site>> sites, TimeProvider time) : IEvidenceStore
{
    private const int CoverageKept = 120;

    /// <summary>Evidence gives way before the outboxes of the same disk have to.</summary>
    public const int GivesWayAt = 2;

    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ClockBound = TimeSpan.FromDays(1);

    // One at a time: the last write of a node that stops comes from another thread.
    private readonly Lock _lock = new();
    private long? _purgedAt;

    // What is given out late finds its coverage here: that went by before it.
    private readonly Dictionary<(SiteId, CameraId), (long Epoch, List<Coverage> Last)> _coverage = [];

    /// <summary>What must be gone by the files of sites, by when it was counted.</summary>
    public Func<IReadOnlyList<(SiteId Site, DateTimeOffset Before)>> Over { get; init; } = () => [];

    /// <summary>Free bytes of its disk; null where nobody watches it.</summary>
    public Func<long>? FreeBytes { get; init; }

    /// <summary>With less than that nothing is kept.</summary>
    public long LeastFree { get; init; }

    /// <summary>Why it could not be written last; empty where it could.</summary>
    public string Problem { get; private set; } = "";

    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "evidence.db");

    /// <summary>What a node kept that keeps nothing any more.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    public static void Delete(string file)
    {
        foreach (var part in new[] { file, $"{file}-wal", $"{file}-shm" }) File.Delete(part);
    }

    public void Write(IReadOnlyList<KeepEvidence> evidence)
    {
        lock (_lock)
        {
            try
            {
                var free = FreeBytes?.Invoke();
                // What is too old goes all the same: that makes room.
                IReadOnlyList<KeepEvidence> written = free < LeastFree ? [] : evidence;
                if (free < LeastFree && !File.Exists(file)) throw Low(free.Value);
                using var database = Open();
                using var change = database.BeginTransaction();
                foreach (var kept in written) Write(database, change, kept);
                if (_purgedAt is not { } at || time.GetElapsedTime(at) > PurgeInterval)
                {
                    Purge(database, change);
                    _purgedAt = time.GetTimestamp();
                }

                change.Commit();
                if (free < LeastFree) throw Low(free.Value);
                Problem = "";
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                Problem = e is SqliteException { SqliteErrorCode: 11 or 26 }
                    ? $"{file} is damaged ({e.Message}): move it away, a new one is made"
                    : $"{file} cannot be written ({e.Message}): see whether the disk is full, and whether the node's account may write there";
                throw new EvidenceException(Problem, e);
            }
        }
    }

    /// <summary>Removes what must be gone, also where nothing is counted any more.</summary>
    /// <param name="mayRemove">Is told how many pieces there are, before any goes; false where they must stay.</param>
    /// <returns>How many pieces went.</returns>
    /// <exception cref="EvidenceException">The file cannot be written.</exception>
    public async Task<int> RetireAsync(Func<int, Task<bool>> mayRemove)
    {
        if (Over() is not { Count: > 0 } over) return 0;
        var due = Retire(over, remove: false);
        return due > 0 && await mayRemove(due) ? Retire(over, remove: true) : 0;
    }

    private int Retire(IReadOnlyList<(SiteId Site, DateTimeOffset Before)> over, bool remove)
    {
        lock (_lock)
        {
            if (!File.Exists(file)) return 0;
            try
            {
                using var database = Open();
                using var change = database.BeginTransaction();
                var count = Retire(database, change, over, remove);
                if (!remove) return count;
                change.Commit();
                if (count == 0) return 0;
                using var forget = database.CreateCommand();
                forget.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
                forget.ExecuteNonQuery();
                return count;
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new EvidenceException($"{file} cannot be written ({e.Message})", e);
            }
        }
    }

    private static int Retire(SqliteConnection database, SqliteTransaction change, IReadOnlyList<(SiteId Site, DateTimeOffset Before)> over, bool remove)
    {
        var count = 0;
        foreach (var (site, before) in over)
        {
            using var old = Command(database, change, remove ? "DELETE FROM evidence WHERE site = $site AND time < $before" : "SELECT count(*) FROM evidence WHERE site = $site AND time < $before");
            Set(old, ("$site", site.Value), ("$before", before.UtcTicks));
            count += remove ? old.ExecuteNonQuery() : (int)(long)old.ExecuteScalar()!;
        }

        return count;
    }

    private EvidenceException Low(long free)
    {
        Problem = string.Create(CultureInfo.InvariantCulture, $"only {free / 1_000_000} MB of the disk of {file} are free, and below {LeastFree / 1_000_000} MB it is left to the counts: free space");
        return new EvidenceException(Problem);
    }

    private void Write(SqliteConnection database, SqliteTransaction change, KeepEvidence kept)
    {
        var site = sites().FirstOrDefault(s => s.Id == kept.Site);
        using var insert = Command(database, change,
            "INSERT OR REPLACE INTO evidence (site, camera, epoch, sequence, time, number, kept_at, document, watched) VALUES ($site, $camera, $epoch, $sequence, $time, $number, $kept_at, $document, $watched)");
        using var watch = Command(database, change,
            "UPDATE evidence SET watched = $watched WHERE site = $site AND camera = $camera AND epoch = $epoch AND time >= $from AND time < $to");
        foreach (var entry in kept.Entries)
        {
            if (entry.Entry is CoverageEntry { Coverage: var coverage })
            {
                Remember(kept, coverage);
                Set(watch, ("$site", kept.Site.Value), ("$camera", kept.Camera.Value), ("$epoch", kept.Epoch), ("$from", coverage.From.UtcTicks), ("$to", coverage.To.UtcTicks),
                    ("$watched", EvidenceDocument.Write(EvidenceDocuments.Of(coverage))));
                watch.ExecuteNonQuery();
                continue;
            }

            var document = EvidenceDocuments.Of(kept, entry, site);
            var at = TimeOf(document, entry);
            Set(insert, ("$site", kept.Site.Value), ("$camera", kept.Camera.Value), ("$epoch", kept.Epoch), ("$sequence", entry.Entry.Sequence),
                ("$time", at.UtcTicks), ("$number", document.Journey?.Number), ("$kept_at", time.GetUtcNow().UtcTicks), ("$document", document.ToJson()), ("$watched", Watched(kept, at)));
            insert.ExecuteNonQuery();
        }
    }

    private void Remember(KeepEvidence kept, Coverage coverage)
    {
        var key = (kept.Site, kept.Camera);
        if (!_coverage.TryGetValue(key, out var known) || known.Epoch != kept.Epoch) _coverage[key] = known = (kept.Epoch, []);
        known.Last.Add(coverage);
        if (known.Last.Count > 2 * CoverageKept) known.Last.RemoveRange(0, CoverageKept);
    }

    private string? Watched(KeepEvidence kept, DateTimeOffset at) =>
        _coverage.TryGetValue((kept.Site, kept.Camera), out var known) && known.Epoch == kept.Epoch && known.Last.FindLast(c => c.From <= at && at < c.To) is { } coverage
            ? EvidenceDocument.Write(EvidenceDocuments.Of(coverage))
            : null;

    private void Purge(SqliteConnection database, SqliteTransaction change)
    {
        // What a wrong clock stamped with a later day would outlive the others.
        using var old = Command(database, change, "DELETE FROM evidence WHERE kept_at < $before OR kept_at > $ahead");
        Set(old, ("$before", (time.GetUtcNow() - settings.Keep).UtcTicks), ("$ahead", (time.GetUtcNow() + ClockBound).UtcTicks));
        old.ExecuteNonQuery();
        using var many = Command(database, change,
            "DELETE FROM evidence WHERE rowid IN (SELECT rowid FROM evidence ORDER BY kept_at, sequence LIMIT max(0, (SELECT count(*) FROM evidence) - $most))");
        Set(many, ("$most", settings.MaxEntries));
        many.ExecuteNonQuery();
    }

    /// <summary>A journey is watched when it enters, or leaves where nobody saw that.</summary>
    private static DateTimeOffset TimeOf(EvidenceDocument document, CountedEntry entry) => entry.Entry switch
    {
        VehicleEntry v => v.Vehicle.Time,
        JourneyEntry j => j.Journey.EnteredAt ?? j.Journey.LeftAt ?? j.Journey.LastSeenAt,
        _ => document.Counted.Count > 0 ? document.Counted[0].Time : default,
    };

    private SqliteConnection Open()
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 20 }.ToString());
        database.Open();
        using var prepare = database.CreateCommand();
        prepare.CommandText = """
            PRAGMA journal_mode = wal;
            PRAGMA synchronous = normal;
            PRAGMA secure_delete = on;
            CREATE TABLE IF NOT EXISTS evidence (
              site TEXT NOT NULL, camera TEXT NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL, number INTEGER, kept_at INTEGER NOT NULL,
              document TEXT NOT NULL, watched TEXT, PRIMARY KEY (site, camera, epoch, sequence));
            CREATE INDEX IF NOT EXISTS evidence_time ON evidence (site, camera, epoch, time);
            CREATE INDEX IF NOT EXISTS evidence_kept ON evidence (kept_at);
            CREATE INDEX IF NOT EXISTS evidence_number ON evidence (site, camera, epoch, number);
            """;
        prepare.ExecuteNonQuery();
        return database;
    }

    private static SqliteCommand Command(SqliteConnection database, SqliteTransaction change, string text)
    {
        var command = database.CreateCommand();
        (command.Transaction, command.CommandText) = (change, text);
        return command;
    }

    internal static void Set(SqliteCommand command, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        command.Parameters.Clear();
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
    }
}

/// <summary>Finds why something was counted in the file of a node, whether it runs or not.</summary>
internal static class EvidenceReader
{
    private const string Columns = "SELECT document, watched, time FROM evidence WHERE camera = $camera";

    /// <returns>The evidence; or null and why there is none, with what to do.</returns>
    public static (EvidenceDocument? Document, string Problem, string Remedy) Find(string file, EntryId id)
    {
        if (!File.Exists(file))
            return (null, $"{Path.GetDirectoryName(file)} keeps no evidence of what was counted (no {Path.GetFileName(file)})", "is it a node with cameras, of this version, and is trafficflow.actors.evidence.kept on? For a counted video name its folder with --counted DIR");
        try
        {
            using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString());
            database.Open();
            var found = Read(database, $"{Columns} AND epoch = $epoch AND sequence = $sequence", id).FirstOrDefault();
            if (found is { ShareOf: { } number })
            {
                // Its own entry, or what was counted ahead of it. Numbers begin again where the junction was interrupted: the nearest is meant.
                var whole = Read(database, $"{Columns} AND epoch = $epoch AND number = $number ORDER BY abs(sequence - $sequence) LIMIT 1", id, number).FirstOrDefault();
                found = whole is null ? found : whole with { Id = found.Id, Counted = [.. found.Counted, .. whole.Counted.Where(c => c.Sequence != found.Counted.FirstOrDefault()?.Sequence)] };
            }

            return found is null ? Unknown(database, id) : (found, "", "");
        }
        catch (SqliteException e)
        {
            return (null, $"{file} cannot be read ({e.Message})", "is it damaged, or does it belong to another account? Run it as the account of the node");
        }
    }

    private static (EvidenceDocument?, string, string) Unknown(SqliteConnection database, EntryId id)
    {
        var cameras = Texts(database, "SELECT DISTINCT camera FROM evidence ORDER BY camera");
        if (cameras.Count == 0) return (null, "no evidence is kept here yet", "it comes a second or two after a vehicle was counted and stored");
        if (!cameras.Contains(id.Camera.Value))
        {
            return (null, $"no evidence of a camera {id.Camera} is kept here", $"there is of {string.Join(", ", cameras)}; is it of another site or node? Ask there, or with ctl --site SITE why {id} on a server. Cameras that replay a log have no evidence");
        }

        // What people mistype is mostly the sequence.
        var nearest = Texts(database, "SELECT camera || '/' || epoch || '/' || sequence FROM evidence WHERE camera = $camera ORDER BY abs(epoch - $epoch), abs(sequence - $sequence) LIMIT 3", id);
        var oldest = Texts(database, "SELECT epoch || '/' || sequence FROM evidence WHERE camera = $camera ORDER BY epoch, sequence LIMIT 1", id)[0].Split('/');
        var first = new LogPosition(long.Parse(oldest[0], CultureInfo.InvariantCulture), long.Parse(oldest[1], CultureInfo.InvariantCulture));
        return id.Position < first
            ? (null, $"the evidence of {id} is kept no more, or it was no vehicle: the oldest of {id.Camera} is {id.Camera}/{first}", "trafficflow.actors.evidence.keep and max-entries say for how long it is kept")
            : (null, $"there is no evidence of {id}", $"the nearest are {string.Join(", ", nearest)}; entries of coverage have none");
    }

    private static List<EvidenceDocument> Read(SqliteConnection database, string sql, EntryId id, long? number = null)
    {
        using var query = Query(database, sql, id, number);
        using var reader = query.ExecuteReader();
        var found = new List<EvidenceDocument>();
        while (reader.Read())
        {
            if (EvidenceDocument.Read(reader.GetString(0)) is not { } document) continue;
            found.Add(reader.IsDBNull(1) ? document : document with { Watched = EvidenceDocument.ReadWatched(reader.GetString(1)) });
        }

        return found;
    }

    private static List<string> Texts(SqliteConnection database, string sql, EntryId id = default)
    {
        using var query = Query(database, sql, id, null);
        using var reader = query.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    private static SqliteCommand Query(SqliteConnection database, string sql, EntryId id, long? number)
    {
        var query = database.CreateCommand();
        query.CommandText = sql;
        EvidenceFile.Set(query, ("$camera", id.Camera.Value ?? ""), ("$epoch", id.Position.Epoch), ("$sequence", id.Position.Sequence), ("$number", number));
        return query;
    }
}
