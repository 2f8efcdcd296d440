using System.Text;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Audit;

/// <summary>
/// The files of an audit, as whoever holds its lock changes them: records are appended and put on the disk, then the signed head is written over. What another process has
/// appended meanwhile, or a crash has left, is found before. Not thread-safe.
/// </summary>
/// <param name="copies">Those elsewhere; null where none are wanted.</param>
internal sealed class AuditChain(AuditPlace place, AuditOptions options, AuditKey key, TimeProvider time, AuditCopies? copies)
{
    /// <summary>One sector: a disk writes it as a whole.</summary>
    private const int HeadBytes = 512;

    private const string Self = "audit";
    private const string Account = $"node:{Self}";

    private long _number;
    private string _hash = AuditRecord.NoHash;
    private long _length = -1;
    private byte[] _head = [];
    private int _sinceCheckpoint;
    private DateTimeOffset? _checkpointAt;

    public long Number => _number;

    public bool WantsCheckpoint(DateTimeOffset now) => _sinceCheckpoint >= options.CheckpointEach || (_sinceCheckpoint > 0 && (_checkpointAt is not { } at || now - at >= options.CheckpointAfter));

    /// <summary>Makes sure that the next record goes on from the last one that there is.</summary>
    /// <exception cref="IOException">The files cannot be read or written.</exception>
    public void Continue()
    {
        if (_length >= 0 && LengthOf(place.Log) == _length && AuditPlace.ReadAll(place.Head).AsSpan().SequenceEqual(_head)) return;
        _ = Keys();
        var (signed, pending, hasHead, checkpoint) = Signed();
        var content = AuditPlace.ReadAll(place.Log);
        var (last, end, isSigned) = LastIn(content, signed);
        if (!isSigned && place.Rotated() is [.., var rotated])
        {
            var former = LastIn(AuditPlace.ReadAll(rotated), signed);
            if (former.IsSigned) (last, end) = (former.Record, 0);
            else last ??= former.Record;
        }

        // Before the very first head.
        if (signed is null && pending is { Number: 1 }) (last, end) = (null, 0);
        (_number, _hash, _length) = (signed?.Number ?? 0, signed?.Hash ?? AuditRecord.NoHash, content.Length);
        (_sinceCheckpoint, _checkpointAt) = ((int)Math.Min(_number - (checkpoint?.Number ?? 0), int.MaxValue), checkpoint?.Time);
        var rest = content.AsSpan(end).TrimEnd((byte)'\n');
        if (content.Length > 0 && content[^1] != (byte)'\n') Append("\n"u8);
        var events = new List<AuditEvent>();
        if (!hasHead && last is not null)
        {
            // The number between is never given, so that it is seen for ever that somebody took the head away.
            var newest = Math.Min(LastIn(content).Record?.Number ?? 0, pending?.Number ?? _number + content.AsSpan().Count((byte)'\n'));
            (_number, _hash) = (Math.Max(newest, _number) + 1, AuditRecord.NoHash);
            events.Add(Own("no signed head was found", "this node", $"the last record found is {_number - 1}; number {_number} is left out"));
        }
        else if (signed is { } head && (last is null || last.Number != head.Number || last.Hash != head.Hash))
        {
            // As if they were there: that they are not is seen for ever.
            events.Add(Own("records are missing", $"up to {head.Number}", $"the last one found is {last?.Number ?? 0}, and the signed head says {head.Number}: cut off, rolled back, or restored from a backup"));
        }
        else if (rest.Length > 0 && pending is { } begun && begun.Number > _number)
        {
            // Whole and as it was signed: only the head could not be written. Else it stays, ended, and tells what was being written.
            if (IsAllOf(rest, begun)) (_number, _hash) = (begun.Number, begun.Hash);
            else events.Add(Own(ChainLine.CutAction, "after a crash", ChainLine.CutDetails(rest)));
        }
        else if (rest.Length > 0)
        {
            events.Add(Own("lines of somebody else", "this node", $"{rest.Length} bytes behind record {_number}, which the node did not write"));
        }

        if (events.Count > 0) Write(events);
        else WriteHead();
    }

    /// <summary>Puts records on the disk, all or none of them.</summary>
    /// <returns>Their numbers.</returns>
    /// <exception cref="IOException">They could not be written, as on a full disk.</exception>
    public IReadOnlyList<long> Write(IReadOnlyList<AuditEvent> events)
    {
        var (number, hash) = (_number, _hash);
        var lines = new MemoryStream();
        var numbers = new List<long>(events.Count);
        foreach (var e in events)
        {
            var (record, line) = AuditRecord.Create(++number, time.GetUtcNow(), e, hash);
            lines.Write(line);
            lines.WriteByte((byte)'\n');
            hash = record.Hash;
            numbers.Add(number);
        }

        // First, so that nobody else can write behind the head and have it taken for the end of a crash.
        SignedFile.Overwrite(place.Pending, Padded(StatementKind.Pending, number, hash));
        try
        {
            Append(lines.GetBuffer().AsSpan(0, (int)lines.Length));
        }
        catch (IOException)
        {
            SignedFile.Overwrite(place.Pending, Padded(StatementKind.Pending, _number, _hash));
            throw;
        }

        (_number, _hash) = (number, hash);
        _sinceCheckpoint += events.Count;
        WriteHead();
        if (_length > options.RotateBytes) Rotate();
        return numbers;
    }

    public void Checkpoint()
    {
        if (_number == 0) return;
        State(StatementKind.Checkpoint, _number, _hash);
        (_sinceCheckpoint, _checkpointAt) = (0, time.GetUtcNow());
    }

    /// <summary>Deletes files that were put aside, as wholes and from the oldest on, behind a signed statement that says which records went and why.</summary>
    /// <returns>The number of the last deleted record; null where none is old.</returns>
    public long? Trim()
    {
        var now = time.GetUtcNow();
        var limit = options.Limit?.Invoke(now);
        if (limit is { IsDoubted: true }) return null;
        if (limit?.Span is { } span && FirstIn(AuditPlace.ReadAll(place.Log)) is { } begun && now - begun.Time >= span) Rotate();
        var old = new List<string>();
        AuditRecord? last = null;
        long? from = null;
        var isLimited = false;
        foreach (var file in place.Rotated())
        {
            var content = AuditPlace.ReadAll(file);
            if (LastIn(content).Record is not { } record || FirstIn(content) is not { } first) break;
            var isOver = first.Time < limit?.Before;
            if (!isOver && now - record.Time < options.Retention) break;
            // A file goes as a whole, so that what is said of a site's age holds for all of it.
            isLimited |= isOver;
            old.Add(file);
            from ??= first.Number;
            last = record;
        }

        if (last is null) return null;
        var why = isLimited ? limit!.Why : $"older than {options.Retention.TotalDays:0} days";
        Write([Own("old records deleted", $"up to {last.Number}", $"records {from} to {last.Number}, {why}")]);
        State(StatementKind.Deleted, last.Number, last.Hash, (from!.Value, why));
        foreach (var file in old) File.Delete(file);
        return last.Number;
    }

    /// <returns>The first whole record; null where there is none.</returns>
    private static AuditRecord? FirstIn(byte[] content)
    {
        foreach (var range in content.AsSpan().Split((byte)'\n'))
        {
            if (AuditRecord.Read(content.AsSpan()[range], out _) is { } record) return record;
        }

        return null;
    }

    internal static AuditEvent Own(string action, string target, string details) => new(AuditKind.Audit, Self, Account, action, target, Details: details);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        using var stream = PrivateFile.OpenToAppend(place.Log);
        var length = stream.Length;
        try
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // What of it fitted onto the disk must not stay: the next one would begin within it.
            stream.SetLength(length);
            throw;
        }

        _length = stream.Length;
    }

    /// <summary>After the records are on the disk, so that it is never ahead of them but by somebody's doing.</summary>
    private void WriteHead()
    {
        _head = [];
        if (_number == 0) return;
        var head = Padded(StatementKind.Head, _number, _hash);
        SignedFile.Overwrite(place.Head, head);
        _head = head;
        copies?.PutHead(head);
    }

    private byte[] Padded(StatementKind kind, long number, string hash)
    {
        var line = AuditStatement.Write(kind, number, hash, time.GetUtcNow(), key);
        return [.. line, .. Enumerable.Repeat((byte)' ', HeadBytes - 1 - line.Length), (byte)'\n'];
    }

    /// <param name="deleted">The first of what went, and why.</param>
    private void State(StatementKind kind, long number, string hash, (long From, string Why)? deleted = null)
    {
        byte[] line = [.. AuditStatement.Write(kind, number, hash, time.GetUtcNow(), key, deleted), (byte)'\n'];
        SignedFile.Append(place.Checkpoints, line);
        copies?.PutCheckpoint(line);
    }

    private void Rotate()
    {
        var content = AuditPlace.ReadAll(place.Log);
        var end = content.AsSpan().IndexOf((byte)'\n');
        var first = end > 0 ? AuditRecord.NumberIn(content.AsSpan(0, end)) : null;
        var target = place.RotatedName(first ?? _number);
        if (File.Exists(target)) return;
        File.Move(place.Log, target);
        _length = LengthOf(place.Log);
    }

    private AuditPublicKeys Keys()
    {
        var pem = File.Exists(place.PublicKey) ? Encoding.ASCII.GetString(AuditPlace.ReadAll(place.PublicKey)) : "";
        var known = pem.Length > 0 ? place.PublicKeys() : AuditPublicKeys.Parse("");
        if (known.Ids.Contains(key.Id)) return known;
        pem = $"{pem}{(pem.Length > 0 && !pem.EndsWith('\n') ? "\n" : "")}{key.PublicPem}";
        PrivateFile.Replace(place.PublicKey, Encoding.ASCII.GetBytes(pem));
        return AuditPublicKeys.Parse(pem);
    }

    /// <summary>What was signed last, here or elsewhere, and what was about to be written.</summary>
    private (AuditStatement? Last, AuditStatement? Pending, bool HasHead, AuditStatement? Checkpoint) Signed()
    {
        var keys = place.PublicKeys();
        AuditStatement? last = null;
        AuditStatement? pending = null;
        AuditStatement? checkpoint = null;
        var hasHead = false;
        foreach (var content in place.Statements(keys, []).Select(p => p.Read()).Concat(copies?.Read() ?? []))
        {
            foreach (var line in Encoding.Latin1.GetString(content).Split('\n'))
            {
                if (AuditStatement.Read(Encoding.Latin1.GetBytes(line.TrimEnd(' ')), keys, out _) is not { } statement) continue;
                hasHead |= statement.Kind == StatementKind.Head;
                if (statement.Kind == StatementKind.Checkpoint) checkpoint = statement;
                if (statement.Kind == StatementKind.Pending) pending = statement;
                else if (statement.Number >= (last?.Number ?? 0)) last = statement;
            }
        }

        return (last, pending, hasHead, checkpoint);
    }

    /// <returns>The record that is signed, or the last whole one where that is not there, and where in the file it ends.</returns>
    private static (AuditRecord? Record, int End, bool IsSigned) LastIn(byte[] content, AuditStatement? signed = null)
    {
        (AuditRecord? Record, int End, bool IsSigned) last = (null, 0, false);
        for (var end = content.Length; end > 0;)
        {
            var line = content.AsSpan(0, end).TrimEnd((byte)'\n');
            var from = line.LastIndexOf((byte)'\n') + 1;
            if (AuditRecord.Read(line[from..], out _) is { } record)
            {
                var found = (record, Math.Min(line.Length + 1, content.Length), record.Number == signed?.Number && record.Hash == signed.Hash);
                if (signed is null || found.Item3) return found;
                if (last.Record is null) last = found;
                if (record.Number < signed.Number) break;
            }

            end = from;
        }

        return last;
    }

    /// <summary>Whether lines are the records that were about to be written, one by one from the head to the last.</summary>
    private bool IsAllOf(ReadOnlySpan<byte> lines, AuditStatement pending)
    {
        var (number, hash) = (_number, _hash);
        foreach (var range in lines.Split((byte)'\n'))
        {
            if (AuditRecord.Read(lines[range], out _) is not { } record || record.Number != number + 1 || record.Before != hash) return false;
            (number, hash) = (record.Number, record.Hash);
        }

        return number == pending.Number && hash == pending.Hash;
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
