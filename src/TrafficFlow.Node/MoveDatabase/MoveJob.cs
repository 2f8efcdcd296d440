using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Npgsql;
using TrafficFlow.Node.Run;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>
/// Moves what a stopped node has in SQLite to PostgreSQL. A mark in the data folder keeps nodes out of the new database until all of it is there; then the old
/// files get other names, which keeps nodes out of those. Broken off anywhere, the same command carries it to its end.
/// </summary>
internal sealed class MoveJob(MoveOptions options, TextWriter output, TextWriter error, TimeProvider time)
{
    private readonly TargetDatabase _target = new(options.To);

    /// <exception cref="UsageException">It cannot be begun.</exception>
    /// <exception cref="JobFailedException">It was begun and failed; nothing is lost.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        RefuseUnfit();
        using var node = Lock();
        var begun = time.GetTimestamp();
        var move = FindMark() ?? new UnfinishedMove(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), options.To.Name, time.GetUtcNow());
        MoveRecord record;
        using (var source = OpenSource())
        {
            await BeforeAsync(() => LookAsync(source, move, cancellation));
            WriteMark(move);
            record = await FillAsync(source, move, cancellation);
            Retire(source, move, record);
        }

        Tell(record, time.GetElapsedTime(begun));
        return ExitCodes.Done;
    }

    /// <summary>What must hold before anything is looked at.</summary>
    /// <exception cref="UsageException">There is nothing to move, or it must not be moved.</exception>
    public void RefuseUnfit()
    {
        var from = options.From;
        if (!Directory.Exists(options.Data)) throw new UsageException($"there is no data folder {options.Data}: this node has counted nothing yet; start it with the new settings");
        if (File.Exists(UnfinishedRestore.In(options.Data))) throw new UsageException($"{options.Data} holds a part of a backup: wait for trafficflow restore, or restore again");
        if (DataVersion.Problem(options.Data) is { } newer) throw new UsageException(newer);
        if (!File.Exists(UnfinishedMove.In(options.Data)) && MovedDatabase.Problem(from) is { } moved) throw new UsageException(moved);
        foreach (var file in new[] { from.File, from.TablesFile })
        {
            if (File.Exists(file) && File.Exists(MovedDatabase.NameOf(file)))
                throw new UsageException($"{MovedDatabase.NameOf(file)} of a move before is beside {file}: move it away, so that it is not mistaken for what is moved now");
            if (!File.Exists(MoveSource.Place(file)))
                throw new UsageException($"there is no {file}: start this version once with the settings of {options.Node.File}, stop it, and move then. Has this node counted nothing yet, start it with the new settings");
        }
    }

    /// <exception cref="JobFailedException">The files cannot be read.</exception>
    /// <exception cref="UsageException">They are of another version.</exception>
    public MoveSource OpenSource()
    {
        try
        {
            var source = MoveSource.Open(options.From);
            try
            {
                RefuseVersion(source);
                return source;
            }
            catch
            {
                source.Dispose();
                throw;
            }
        }
        catch (JournalException e)
        {
            throw new JobFailedException(e.Message, e);
        }
        catch (SqliteException e)
        {
            throw new JobFailedException($"the files in {options.Data} cannot be read ({e.Message}): run this as the account of the node or as root, and see whether the disk is full", e);
        }
    }

    /// <summary>Whether the target can take it. Changes nothing.</summary>
    /// <exception cref="MoveException">It holds something, or is used.</exception>
    /// <exception cref="JournalException">It cannot be used.</exception>
    public async Task LookAsync(MoveSource source, UnfinishedMove? move, CancellationToken cancellation)
    {
        var held = await _target.LookAsync(source.Tables.Select(t => t.Name), cancellation);
        if (held.Count > 0 && (move is null || !await _target.KnowsAsync(move.Id, cancellation))) throw new MoveException(MoveCopy.Occupied(_target.Name, held));
    }

    /// <summary>What the looks at the target throw, as this program tells it: what trying again would not change is a wrong setting.</summary>
    public async Task BeforeAsync(Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (MoveException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (Explain(e) is { } known)
        {
            throw known.Failure is JournalFailure.Unreachable or JournalFailure.DiskFull ? new JobFailedException(known.Message, known) : new UsageException(known.Message);
        }
    }

    /// <returns>Null where no move was broken off.</returns>
    public UnfinishedMove? FindMark()
    {
        if (UnfinishedMove.Find(options.Data) is not { } move)
        {
            return File.Exists(UnfinishedMove.In(options.Data))
                ? throw new UsageException($"{UnfinishedMove.In(options.Data)} of a move that was broken off cannot be read: run this as the account that ran it, or as root")
                : null;
        }

        return move.Target == options.To.Name
            ? move
            : throw new UsageException($"a move to {move.Target} was broken off: name that one again to carry it to its end. To move elsewhere, remove {UnfinishedMove.In(options.Data)}, and never start a node on {move.Target}");
    }

    private void RefuseVersion(MoveSource source)
    {
        if (source.Version > FlowTables.CurrentVersion)
            throw new UsageException($"the read tables in {options.From.TablesFile} have version {source.Version}, and this trafficflow knows {FlowTables.CurrentVersion}: use a newer one");
        if (source.Version < FlowTables.CurrentVersion)
            throw new UsageException($"the read tables in {options.From.TablesFile} have version {source.Version}, and this trafficflow moves version {FlowTables.CurrentVersion}: start this version once with {options.Node.File}, which brings them there, stop it, and move then");
        if (options.Node.Has(Settings.NodeRole.Roadside) && !File.Exists(Path.Combine(options.Data, "outbox.db")) && source.HasOutboxes)
            throw new UsageException($"{options.From.File} still holds the outboxes of a version before 0.1: start this version once with {options.Node.File}, which gives them a file of their own, stop it, and move then");
    }

    private NodeLock Lock()
    {
        if (NodeLock.HolderOf(options.Data) is { } process)
            throw new UsageException($"this node runs, process {process}: stop it first (systemctl stop trafficflow-single or trafficflow-server, or Ctrl-C where it runs); cameras' counts wait in their outboxes meanwhile");
        try
        {
            return NodeLock.Take(options.Data);
        }
        catch (NodeLockedException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private void WriteMark(UnfinishedMove move)
    {
        try
        {
            move.Write(options.Data);
            FileOwner.Give(UnfinishedMove.In(options.Data), options.Data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{UnfinishedMove.In(options.Data)} cannot be written ({e.Message}): free space, or run this as the account of the node or as root. Nothing was moved", e);
        }
    }

    private async Task<MoveRecord> FillAsync(MoveSource source, UnfinishedMove move, CancellationToken cancellation)
    {
        var again = $"Nothing of it is in {_target.Name}, and the node's files are as they were: run the same command again when that is mended, or the node with its settings of before";
        try
        {
            await _target.MakeTablesAsync(cancellation);
            var record = new MoveRecord(move.Id, $"{options.From.File} on {Environment.MachineName}", time.GetUtcNow(), ProductVersion.Version, new Dictionary<string, TableSum>());
            return await new MoveCopy(source, _target, error.WriteLine, time).RunAsync(record, cancellation);
        }
        catch (UnknownCommitException e)
        {
            throw new JobFailedException($"the connection to {_target.Name} broke in the last moment ({Said(e)}): whether it has kept everything or nothing, the same command finds out, and carries it to its end", e);
        }
        catch (MoveException e)
        {
            throw new JobFailedException(e.Message, e);
        }
        catch (Exception e) when (Explain(e) is { } known)
        {
            throw new JobFailedException($"{known.Message}. {again}", known);
        }
        catch (SqliteException e)
        {
            throw new JobFailedException($"the files in {options.Data} cannot be read any more ({e.Message}): is their disk failing? {again}", e);
        }
    }

    /// <summary>From here on the counts are in the new database: what fails is done by the same command later.</summary>
    private void Retire(MoveSource source, UnfinishedMove move, MoveRecord record)
    {
        try
        {
            source.Close();
            MovedDatabase.Retire(options.From, string.Create(CultureInfo.InvariantCulture, $"to {_target.Name} at {record.At:yyyy-MM-dd'T'HH:mm:ss'Z'} (move {move.Id})"));
            FileOwner.Give(MovedDatabase.NoteOf(options.From), options.Data);
            if (options.NewConfig is { } place) NewSettings.Write(options.Node.File, place, options.Named);
            File.Delete(UnfinishedMove.In(options.Data));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new JobFailedException($"the counts are in {_target.Name}, and the move could not be ended ({e.Message}): mend that, and run the same command again. Until then no node starts there", e);
        }
    }

    /// <returns>Null where the database is not to blame.</returns>
    private JournalException? Explain(Exception e) => e switch
    {
        JournalException known => known,
        PostgresException { SqlState: not null } p when !IsOperatorsBusiness(p.SqlState) => new JournalException(JournalFailure.Corrupt, $"{_target.Name} refuses what was to be written ({Said(p)}; {p.SqlState}). Please report it", p),
        NpgsqlException or System.Net.Sockets.SocketException or TimeoutException or IOException => PostgresCheck.Explain(_target.Journal, e),
        _ => null,
    };

    // Connections, rights and passwords, names, resources, intervention, serialization.
    private static bool IsOperatorsBusiness(string state) => state[..2] is "08" or "28" or "3D" or "3F" or "40" or "42" or "53" or "57" or "25" or "55";

    private static string Said(Exception e) => (e is PostgresException p ? p.MessageText : e.GetBaseException().Message).ReplaceLineEndings(" ").Trim();

    private void Tell(MoveRecord record, TimeSpan took)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Moved to {_target.Name} in {took.TotalSeconds:0.0} s. Both sides have the same rows with the same checksums:"));
        foreach (var (table, sum) in record.Tables) output.WriteLine($"  {table,-21} {sum.Rows,10} rows  {MoveCopy.Short(sum)}");
        string[] files = [options.From.File, options.From.TablesFile];
        output.WriteLine($"The old files are as they were, under other names: {string.Join(", ", files.Select(f => Path.GetFileName(MovedDatabase.NameOf(f))))} in {options.Data}");
        if (options.Prepared is { } prepared)
        {
            output.WriteLine($"Start the node with {prepared}");
        }
        else if (options.NewConfig is { } written)
        {
            output.WriteLine($"Start the node with {written}");
        }
        else
        {
            output.WriteLine($"Add this at the end of {options.Node.File}, and start the node:");
            foreach (var line in NewSettings.Lines(options.Named)) output.WriteLine($"  {line}");
        }

        output.WriteLine($"To go back later to what was counted until now: stop it, {string.Join(" && ", files.Select(f => $"mv {MovedDatabase.NameOf(f)} {f}"))}, and start it with the settings of before");
    }
}
