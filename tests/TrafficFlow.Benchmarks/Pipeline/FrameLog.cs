using System.Diagnostics;

namespace TrafficFlow.Benchmarks.Pipeline;

/// <summary>When each frame of one camera was done, and what the process had allocated and worked by then. Written by one thread.</summary>
internal sealed class FrameLog(int capacity)
{
    private readonly long[] _times = new long[capacity];
    private readonly long[] _allocated = new long[capacity];
    private readonly TimeSpan[] _worked = new TimeSpan[capacity];

    public int Count { get; private set; }

    public void Done()
    {
        if (Count == capacity) throw new BenchmarkException(BenchmarkException.Failed, $"more than {capacity} frames came");
        _allocated[Count] = GC.GetTotalAllocatedBytes();
        _worked[Count] = Environment.CpuUsage.TotalTime;
        _times[Count] = Stopwatch.GetTimestamp();
        Count++;
    }

    public long TimeOf(int frame) => _times[frame];

    public long AllocatedBy(int frame) => _allocated[frame];

    /// <summary>CPU time of all threads of the process, without its children.</summary>
    public TimeSpan WorkedBy(int frame) => _worked[frame];

    public int FramesWithin(long from, long to) => _times.AsSpan(0, Count).Count(from, to);
}

/// <summary>Throughput of several cameras while all of them were busy: from the slowest one's warm-up to the first one's last frame.</summary>
/// <param name="CpuMsPerFrame">Of this process alone, ffmpeg not included: what others do on the machine hardly touches it.</param>
internal sealed record Throughput(double FramesPerSecond, double BytesPerFrame, double CpuMsPerFrame)
{
    public static Throughput Of(IReadOnlyList<FrameLog> cameras, int warmUpFrames, int expectedFrames)
    {
        // At the seams of a looped clip the rate filter may drop or repeat one.
        var tolerance = Math.Max(2, expectedFrames / 50);
        foreach (var camera in cameras)
        {
            if (Math.Abs(camera.Count - expectedFrames) > tolerance)
                throw new BenchmarkException(BenchmarkException.Failed, $"{camera.Count} frames were processed where the file has {expectedFrames}");
        }

        var starting = cameras.MaxBy(c => c.TimeOf(warmUpFrames))!;
        var ending = cameras.MinBy(c => c.TimeOf(c.Count - 1))!;
        var (from, to) = (starting.TimeOf(warmUpFrames), ending.TimeOf(ending.Count - 1));
        if (to <= from) throw new BenchmarkException(BenchmarkException.Failed, "the cameras did not run at the same time");
        var frames = cameras.Sum(c => c.FramesWithin(from, to));
        var bytes = ending.AllocatedBy(ending.Count - 1) - starting.AllocatedBy(warmUpFrames);
        var worked = ending.WorkedBy(ending.Count - 1) - starting.WorkedBy(warmUpFrames);
        return new Throughput(frames / Stopwatch.GetElapsedTime(from, to).TotalSeconds, (double)bytes / frames, worked.TotalMilliseconds / frames);
    }
}

file static class Spans
{
    /// <summary>How many sorted times lie in (from, to].</summary>
    public static int Count(this Span<long> times, long from, long to) => UpTo(times, to) - UpTo(times, from);

    private static int UpTo(Span<long> times, long limit)
    {
        var (low, high) = (0, times.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (times[middle] <= limit) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
