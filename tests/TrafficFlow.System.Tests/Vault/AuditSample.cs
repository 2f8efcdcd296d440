using System.Text;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>A small audit in memory: lines of records in files, checkpoints and head as they were signed after any record.</summary>
internal sealed class AuditSample : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

    private readonly AuditKey _key = AuditKey.Create();
    private readonly List<(AuditRecord Record, byte[] Line)> _records = [];
    private readonly Dictionary<long, byte[]> _checkpoints = [];
    private readonly Dictionary<long, byte[]> _heads = [];

    /// <param name="perFile">Records of each file but the last.</param>
    public AuditSample(Random random, int count, int perFile, int perCheckpoint)
    {
        PerFile = perFile;
        Keys = AuditPublicKeys.Parse(_key.PublicPem);
        var kinds = Enum.GetValues<AuditKind>();
        for (var i = 0; i < count; i++)
        {
            var e = new AuditEvent(kinds[random.Next(kinds.Length - 1)], $"anna{random.Next(5)}", "account[operator]:anna", $"camera restart cam{random.Next(9)}", "鋼管通り", "done", random.Next(2) == 0 ? null : $"\"{random.Next()}\"\n");
            _records.Add(Next(e, i));
            _heads[i + 1] = [.. Sign(StatementKind.Head, i + 1), .. "          \n"u8];
            if ((i + 1) % perCheckpoint == 0) _checkpoints[i + 1] = Sign(StatementKind.Checkpoint, i + 1);
        }
    }

    public int PerFile { get; }

    public AuditPublicKeys Keys { get; }

    public int Count => _records.Count;

    public IReadOnlyCollection<long> Checkpoints => _checkpoints.Keys;

    public List<byte[]> Lines => [.. _records.Select(r => r.Line)];

    public AuditRecord Record(long number) => _records[(int)number - 1].Record;

    /// <summary>What somebody without the key can make: a record at any place, with a right hash of its own.</summary>
    public byte[] Forge(long number, string before) => AuditRecord.Create(number, s_start.AddSeconds(number), new AuditEvent(AuditKind.Change, "eve", "unix:eve", "forged", "x"), before).Line;

    /// <summary>The same, and all behind it computed anew.</summary>
    public List<byte[]> ForgeFrom(long number)
    {
        var lines = Lines;
        var before = number == 1 ? AuditRecord.NoHash : Record(number - 1).Hash;
        for (var n = number; n <= Count; n++)
        {
            var (record, line) = AuditRecord.Create(n, Record(n).Time, n == number ? Record(n).Event with { By = "eve" } : Record(n).Event, before);
            (lines[(int)n - 1], before) = (line, record.Hash);
        }

        return lines;
    }

    /// <summary>As it was signed at that time.</summary>
    public byte[] Head(long after) => _heads[after];

    public byte[] CheckpointsUpTo(long after) => [.. _checkpoints.Where(c => c.Key <= after).OrderBy(c => c.Key).SelectMany(c => c.Value.Append((byte)'\n'))];

    /// <summary>How lines lie in files, and the line of each in its file.</summary>
    public (string File, int Line) PlaceOf(int index, int perFile) => ($"audit-{index / perFile}.log", (index % perFile) + 1);

    public AuditReport Verify(IReadOnlyList<byte[]> lines, byte[]? checkpoints = null, byte[]? head = null, byte[]? copiedHead = null, byte[]? copiedCheckpoints = null) =>
        Verify(lines.Chunk(PerFile).Select((c, i) => ($"audit-{i}.log", c.SelectMany(l => l.Append((byte)'\n')).ToArray())), checkpoints, head, copiedHead, copiedCheckpoints);

    public AuditReport Verify(IEnumerable<(string Name, byte[] Content)> files, byte[]? checkpoints = null, byte[]? head = null, byte[]? copiedHead = null, byte[]? copiedCheckpoints = null) =>
        AuditVerifier.Verify(
            files.Select(f => new AuditPart(f.Name, () => f.Content)),
            [
                new AuditPart("audit.checkpoints", () => checkpoints ?? CheckpointsUpTo(Count)), new AuditPart("audit.head", () => head ?? Head(Count)),
                new AuditPart("copy of audit.checkpoints", () => copiedCheckpoints ?? []), new AuditPart("copy of audit.head", () => copiedHead ?? []),
            ],
            Keys);

    public void Dispose() => _key.Dispose();

    public static string Text(IEnumerable<AuditFinding> findings) => string.Join('\n', findings);

    private (AuditRecord, byte[]) Next(AuditEvent e, int index) => AuditRecord.Create(index + 1, s_start.AddSeconds(index), e, index == 0 ? AuditRecord.NoHash : _records[^1].Record.Hash);

    private byte[] Sign(StatementKind kind, long number) => AuditStatement.Write(kind, number, Record(number).Hash, Record(number).Time, _key);
}
