using System.Diagnostics;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>One reader under the fuzzer: its inputs so far, the edges that they reached, and how the next one is made and judged.</summary>
internal sealed class FuzzTarget
{
    private const int MostKept = 4000;
    private const int LongestKept = 1 << 13;

    /// <summary>A reader takes microseconds. On a busy machine any may take longer: then the time counts that the process itself used.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly EdgeMap _edges = new();
    private readonly List<byte[]> _kept = [];
    private readonly Queue<byte[]> _first;
    private readonly Random _random;
    private readonly Mutator _mutator;

    public FuzzTarget(FuzzReader reader, int seed)
    {
        Reader = reader;
        _random = new Random(seed);
        _mutator = new Mutator(_random, reader.Words);
        _first = new Queue<byte[]>(reader.Seeds.Prepend([]));
    }

    public FuzzReader Reader { get; }

    public long Inputs { get; private set; }

    public long Taken { get; private set; }

    public long Ticks { get; private set; }

    public int Edges => _edges.Edges;

    public byte[] Next()
    {
        if (_first.TryDequeue(out var first)) return first;
        // What was found last has had the least done with it.
        var at = _random.Next(3) == 0 ? _random.Next(Math.Max(0, _kept.Count - 16), _kept.Count) : _random.Next(_kept.Count);
        return _mutator.Mutate(_kept[at], _kept[_random.Next(_kept.Count)]);
    }

    public (FuzzOutcome Outcome, Exception? Cause) Run(byte[] input)
    {
        EdgeMap.Clear();
        var start = Stopwatch.GetTimestamp();
        var (outcome, cause) = Judge(Reader, input);
        Ticks += Stopwatch.GetTimestamp() - start;
        Inputs++;
        if (outcome == FuzzOutcome.Taken) Taken++;
        var isNew = _edges.Take();
        if (_kept.Count == 0 || (isNew && _kept.Count < MostKept && input.Length <= LongestKept)) _kept.Add(input);
        return (outcome, cause);
    }

    public static (FuzzOutcome Outcome, Exception? Cause) Judge(FuzzReader reader, byte[] input)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        try
        {
            var isTaken = reader.Read(input);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
            // What is made once is no matter of the input.
            if (bytes > reader.MostBytes(input.Length) && Bytes(reader, input) > reader.MostBytes(input.Length)) return (FuzzOutcome.OverMemory, new InsufficientMemoryException($"{bytes} bytes were allocated for {input.Length}"));
            if (Stopwatch.GetElapsedTime(start) > Slow && IsSlowAgain(reader, input)) return (FuzzOutcome.Hang, new TimeoutException($"{input.Length} bytes take more than {Slow.TotalSeconds:0} s of CPU"));
            return (isTaken ? FuzzOutcome.Taken : FuzzOutcome.Refused, null);
        }
        catch (WrongAcceptanceException e)
        {
            return (FuzzOutcome.WrongAcceptance, e);
        }
        catch (Exception e)
        {
            return (FuzzOutcome.Crash, e);
        }
    }

    private static long Bytes(FuzzReader reader, byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static bool IsSlowAgain(FuzzReader reader, byte[] input)
    {
        var before = Environment.CpuUsage.TotalTime;
        reader.Read(input);
        return Environment.CpuUsage.TotalTime - before > Slow;
    }
}
