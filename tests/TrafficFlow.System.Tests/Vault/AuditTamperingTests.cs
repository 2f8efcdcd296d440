using System.Text;
using TrafficFlow.Vault.Audit;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>Whatever is done to the records is found, and at the right record.</summary>
public sealed class AuditTamperingTests : IDisposable
{
    private const int Tamperings = 10_000;

    private readonly int _seed = Random.Shared.Next();
    private readonly ThreadLocal<Random> _randoms = new();
    private readonly List<AuditSample> _samples;

    public AuditTamperingTests()
    {
        var random = new Random(_seed);
        _samples = [.. Enumerable.Range(0, 24).Select(_ => new AuditSample(random, random.Next(3, 24), random.Next(3, 12), random.Next(6, 16)))];
    }

    [Fact]
    public void Ten_thousand_random_tamperings_are_all_found_and_located()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");
        Func<AuditSample, (AuditReport Report, string What, Func<AuditFinding, bool> IsIt)>[] kinds =
            [EditByte, EditAndHash, Drop, InsertForged, InsertGarbage, InsertCopy, Swap, Truncate, RollBackLog, RollBackAll, Recompute, EditCheckpoint, DropHead];
        foreach (var sample in _samples) Assert.True(Whole(sample).IsWhole, $"seed {_seed}: {AuditSample.Text(Whole(sample).Findings)}");
        Parallel.For(0, Tamperings, i =>
        {
            _randoms.Value = new Random(_seed + i);
            var kind = kinds[i % kinds.Length];
            var (report, what, isIt) = kind(_samples[Random.Next(_samples.Count)]);
            Assert.True(report.Findings.Any(isIt), $"seed {_seed}, tampering {i}, {kind.Method.Name} {what}: found is {(report.IsWhole ? "nothing" : AuditSample.Text(report.Findings))}");
        });
    }

    public void Dispose()
    {
        _samples.ForEach(s => s.Dispose());
        _randoms.Dispose();
    }

    private static AuditReport Whole(AuditSample sample) => sample.Verify(sample.Lines);

    /// <summary>Of this tampering, whichever thread does it.</summary>
    private Random Random => _randoms.Value!;

    private int Any(AuditSample sample) => Random.Next(sample.Count);

    private (AuditReport, string, Func<AuditFinding, bool>) EditByte(AuditSample sample)
    {
        var (lines, at) = (sample.Lines, Any(sample));
        lines[at] = [.. lines[at]];
        var place = Random.Next(lines[at].Length);
        lines[at][place] ^= (byte)Random.Next(1, 256);
        return (sample.Verify(lines), $"byte {place} of record {at + 1}", First(at + 1, AuditFault.Altered, sample, at));
    }

    private (AuditReport, string, Func<AuditFinding, bool>) EditAndHash(AuditSample sample)
    {
        var (lines, at) = (sample.Lines, Any(sample));
        lines[at] = sample.Forge(at + 1, at == 0 ? AuditRecord.NoHash : sample.Record(at).Hash);
        return (sample.Verify(lines), $"record {at + 1}", First(at + 1, AuditFault.Altered, sample, at));
    }

    private (AuditReport, string, Func<AuditFinding, bool>) Drop(AuditSample sample)
    {
        var (lines, at) = (sample.Lines, Any(sample));
        var count = Random.Next(1, Math.Min(6, sample.Count - at) + 1);
        lines.RemoveRange(at, count);
        return (sample.Verify(lines), $"records {at + 1} to {at + count}", f => f.Fault is AuditFault.Dropped or AuditFault.Truncated && f.Record == at + 1 && f.Through == at + count);
    }

    private (AuditReport, string, Func<AuditFinding, bool>) InsertForged(AuditSample sample)
    {
        var at = Random.Next(sample.Count + 1);
        return Insert(sample, at, sample.Forge(at + 1, at == 0 ? AuditRecord.NoHash : sample.Record(at).Hash));
    }

    private (AuditReport, string, Func<AuditFinding, bool>) InsertGarbage(AuditSample sample) => Insert(sample, Random.Next(sample.Count + 1), Encoding.ASCII.GetBytes($"{{\"n\":{Random.Next(99)},\"x\":1}}"));

    private (AuditReport, string, Func<AuditFinding, bool>) InsertCopy(AuditSample sample)
    {
        var (from, at) = (Any(sample), Random.Next(sample.Count + 1));
        var (report, what, isIt) = Insert(sample, at, sample.Lines[from]);
        // Beside itself, nobody can tell which of the two is the copy.
        return (report, what, f => isIt(f) || (Math.Abs(from - at) <= 1 && f.Fault == AuditFault.Inserted && f.Record == from + 1));
    }

    private (AuditReport, string, Func<AuditFinding, bool>) Insert(AuditSample sample, int at, byte[] line)
    {
        var lines = sample.Lines;
        lines.Insert(at, line);
        var (file, number) = sample.PlaceOf(at, sample.PerFile);
        // A record behind the head that goes on from it is what a crash leaves before the head is written.
        var report = sample.Verify(lines);
        return (report, $"line before record {at + 1}", f => f.Fault == AuditFault.Inserted && f.File == file && f.Line == number);
    }

    private (AuditReport, string, Func<AuditFinding, bool>) Swap(AuditSample sample)
    {
        var (lines, one) = (sample.Lines, Any(sample));
        var other = (one + Random.Next(1, sample.Count)) % sample.Count;
        (lines[one], lines[other]) = (lines[other], lines[one]);
        var report = sample.Verify(lines);
        var moved = report.Findings.Where(f => f.Fault == AuditFault.Moved).Select(f => f.Record).Order().ToList();
        return (report, $"records {one + 1} and {other + 1}", _ => moved.SequenceEqual(new long?[] { one + 1, other + 1 }.Order()));
    }

    private (AuditReport, string, Func<AuditFinding, bool>) Truncate(AuditSample sample)
    {
        var at = Any(sample);
        var left = sample.Lines[at][..Random.Next(sample.Lines[at].Length)];
        var files = sample.Lines.Take(at).Chunk(sample.PerFile).Select((c, i) => ($"audit-{i}.log", c.SelectMany(l => l.Append((byte)'\n')).ToArray())).Append(("audit.log", left));
        var report = sample.Verify(files);
        return (report, $"within record {at + 1}", _ => report.Findings[0].Record == at + 1 && report.Findings.Any(f => f.Through == sample.Count));
    }

    private (AuditReport, string, Func<AuditFinding, bool>) RollBackLog(AuditSample sample)
    {
        var after = Any(sample);
        return (sample.Verify(sample.Lines[..after]), $"after record {after}", f => f.Fault == AuditFault.Truncated && f.Record == after + 1 && f.Through == sample.Count);
    }

    /// <summary>Log, checkpoints and head together: only what was copied elsewhere knows better.</summary>
    private (AuditReport, string, Func<AuditFinding, bool>) RollBackAll(AuditSample sample)
    {
        var after = Random.Next(1, sample.Count);
        var report = sample.Verify(sample.Lines[..after], sample.CheckpointsUpTo(after), sample.Head(after), sample.Head(sample.Count), sample.CheckpointsUpTo(sample.Count));
        return (report, $"after record {after}", f => f.Fault == AuditFault.Truncated && f.Record == after + 1 && f.Through == sample.Count);
    }

    /// <summary>A whole new chain from one record on: located to before the first checkpoint, or the head, that does not fit.</summary>
    private (AuditReport, string, Func<AuditFinding, bool>) Recompute(AuditSample sample)
    {
        var at = Any(sample);
        var report = sample.Verify(sample.ForgeFrom(at + 1));
        var first = sample.Checkpoints.Where(c => c > at).DefaultIfEmpty(sample.Count).Min();
        return (report, $"from record {at + 1}", _ => report.Findings[0].Record == first);
    }

    private (AuditReport, string, Func<AuditFinding, bool>) EditCheckpoint(AuditSample sample)
    {
        var checkpoints = sample.CheckpointsUpTo(sample.Count);
        if (checkpoints.Length == 0) return DropHead(sample);
        var at = Random.Next(checkpoints.Length);
        while (checkpoints[at] == (byte)'\n') at--;
        var line = checkpoints.AsSpan(0, at).Count((byte)'\n') + 1;
        checkpoints[at] ^= 1;
        return (sample.Verify(sample.Lines, checkpoints), $"byte {at} of the checkpoints", f => f.Fault == AuditFault.BadStatement && f.File == "audit.checkpoints" && f.Line == line);
    }

    private (AuditReport, string, Func<AuditFinding, bool>) DropHead(AuditSample sample) => (sample.Verify(sample.Lines, head: []), "", f => f.Fault == AuditFault.NoHead);

    /// <summary>It is what the first finding that names a record is about, and it names the right line.</summary>
    private static Func<AuditFinding, bool> First(long record, AuditFault fault, AuditSample sample, int index)
    {
        var (file, line) = sample.PlaceOf(index, sample.PerFile);
        return f => f.Fault == fault && f.Record == record && f.File == file && f.Line == line;
    }
}
