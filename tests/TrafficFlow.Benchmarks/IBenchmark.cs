namespace TrafficFlow.Benchmarks;

/// <summary>One benchmark, in a folder of its own; add it to the list in Program.cs.</summary>
internal interface IBenchmark
{
    /// <summary>As on the command line and in the JSON line.</summary>
    string Name { get; }

    /// <summary>What is measured against what, which figures come out and what they should be; for the help text.</summary>
    string Description { get; }

    /// <param name="isQuick">End within a minute, with rougher figures.</param>
    Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation);
}

/// <summary>The benchmark cannot be run here, or its result is no result; the message says what to do.</summary>
internal sealed class BenchmarkException(int exitCode, string message) : Exception(message)
{
    /// <summary>Something that the benchmark needs is absent: nothing was measured.</summary>
    public const int CannotRun = 2;

    /// <summary>What was measured is not what the benchmark is about: a process died, a frame was lost.</summary>
    public const int Failed = 1;

    public int ExitCode { get; } = exitCode;
}
