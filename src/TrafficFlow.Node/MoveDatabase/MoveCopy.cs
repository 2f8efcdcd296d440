namespace TrafficFlow.Node.MoveDatabase;

/// <summary>Nobody knows whether the database has kept what it was given: the connection broke in the moment of the commit.</summary>
internal sealed class UnknownCommitException(Exception inner) : Exception(inner.Message, inner);

/// <summary>
/// Fills the target with all that the source holds, in one transaction, and reads it back before that is committed. What the same move has put there before
/// and nobody has changed since is left where it equals the source, and replaced where the source has gone on.
/// </summary>
/// <param name="say">Told how far the copy is.</param>
internal sealed class MoveCopy(MoveSource source, TargetDatabase target, Action<string> say, TimeProvider time)
{
    private const int LookAtClockEvery = 1000;
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    private long _saidAt = time.GetTimestamp();

    /// <param name="move">What it is to be known as; its tables are filled in.</param>
    /// <exception cref="MoveException">It cannot be done; nothing is changed.</exception>
    /// <exception cref="UnknownCommitException">It may be done.</exception>
    public async Task<MoveRecord> RunAsync(MoveRecord move, CancellationToken cancellation)
    {
        var tables = await TablesAsync(cancellation);
        string[] names = [.. tables.Select(t => t.Name)];
        await using var session = await TargetSession.BeginAsync(target, names, cancellation);
        var columns = new Dictionary<string, IReadOnlyList<MovedColumn>>(StringComparer.Ordinal);
        foreach (var table in tables) columns[table.Name] = Fitting(table, await session.ColumnsAsync(table.Name, cancellation));

        var held = await SumsAsync(t => session.SumAsync(t.Name, columns[t.Name], cancellation));
        if (held.Values.Any(s => s.Rows > 0))
        {
            var before = (await session.MovesAsync(cancellation)).FirstOrDefault(m => m.Id == move.Id);
            if (before is null) throw new MoveException(Occupied(target.Name, held.Where(h => h.Value.Rows > 0).Select(h => $"{h.Key} {h.Value.Rows}")));
            if (!Same(held, before.Tables)) throw new MoveException($"{target.Name} was filled by this move before, and something has changed it since: did a node count in it? Name an empty database, or make this one anew (dropdb, createdb)");
            if (Same(await SumsAsync(t => Task.FromResult(SumOf(t, columns[t.Name]))), before.Tables)) return before;
        }

        await session.EmptyAsync(names, cancellation);
        var copied = await SumsAsync(t => CopyAsync(session, t, columns[t.Name], cancellation));
        var record = move with { Tables = copied };
        await session.RecordAsync(record, cancellation);
        try
        {
            await session.CommitAsync(cancellation);
        }
        catch (Exception e)
        {
            throw new UnknownCommitException(e);
        }

        return record;

        async Task<Dictionary<string, TableSum>> SumsAsync(Func<SourceTable, Task<TableSum>> of)
        {
            var sums = new Dictionary<string, TableSum>(StringComparer.Ordinal);
            foreach (var table in tables) sums[table.Name] = await of(table);
            return sums;
        }
    }

    public static string Occupied(string name, IEnumerable<string> held) =>
        $"{name} holds counts already ({string.Join(", ", held)}), and what is moved would be mixed with them: name an empty database (createdb)";

    /// <exception cref="MoveException">The source has a table that no node of this version makes.</exception>
    private async Task<IReadOnlyList<SourceTable>> TablesAsync(CancellationToken cancellation)
    {
        var known = await target.HasAsync(source.Tables.Select(t => t.Name), cancellation);
        if (source.Tables.FirstOrDefault(t => !known.Contains(t.Name) && t.Rows > 0) is { } strange)
            throw new MoveException($"{strange.File} holds a table {strange.Name} with {strange.Rows} rows, which is none of this version: move that table away (sqlite3), or use the version that wrote it");
        return [.. source.Tables.Where(t => known.Contains(t.Name))];
    }

    private async Task<TableSum> CopyAsync(TargetSession session, SourceTable table, IReadOnlyList<MovedColumn> columns, CancellationToken cancellation)
    {
        var (digest, rows) = (new TableDigest(columns), 0L);
        await session.WriteAsync(table.Name, columns, Summed(), Tick, cancellation);
        var (read, written) = (digest.Sum, await session.SumAsync(table.Name, columns, cancellation));
        if (read.Rows != table.Rows || read != written)
            throw new MoveException($"{target.Name} has {written.Rows} rows of {table.Name} with the checksum {Short(written)}, and {table.File} {table.Rows} with {Short(read)}: nothing is kept of it. Are both disks whole? Please report it");
        foreach (var column in await session.NumberedAsync(table.Name, columns, cancellation))
            await session.NumberFromAsync(table.Name, column, source.LastNumber(table, column), cancellation);
        return read;

        IEnumerable<object?[]> Summed()
        {
            foreach (var row in source.Read(table, columns))
            {
                digest.Add(row);
                yield return row;
            }
        }

        void Tick()
        {
            if (++rows % LookAtClockEvery != 0 || time.GetElapsedTime(_saidAt) < SayEvery) return;
            _saidAt = time.GetTimestamp();
            say($"{table.Name}: {rows} of {table.Rows} rows");
        }
    }

    private TableSum SumOf(SourceTable table, IReadOnlyList<MovedColumn> columns)
    {
        var digest = new TableDigest(columns);
        foreach (var row in source.Read(table, columns)) digest.Add(row);
        return digest.Sum;
    }

    /// <exception cref="MoveException">The columns on both sides are not the same.</exception>
    private IReadOnlyList<MovedColumn> Fitting(SourceTable table, IReadOnlyList<MovedColumn> columns) =>
        columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal).SetEquals(table.Columns)
            ? columns
            : throw new MoveException($"{table.Name} has the columns {string.Join(", ", table.Columns)} in {table.File}, and {string.Join(", ", columns.Select(c => c.Name))} in {target.Name}: start this version once with the settings of before, stop it, and move then; or name an empty database");

    private static bool Same(IReadOnlyDictionary<string, TableSum> some, IReadOnlyDictionary<string, TableSum> others) =>
        some.Keys.Union(others.Keys).All(t => some.GetValueOrDefault(t, TableSum.Empty) == others.GetValueOrDefault(t, TableSum.Empty));

    public static string Short(TableSum sum) => sum.Checksum[..12];
}
