namespace TrafficFlow.Benchmarks;

/// <summary>One benchmark, in a folder of its own; add it to the list in Program.cs.</summary>
internal interface IBenchmark
{
    /// <summary>As on the command line and in the JSON line.</summary>
    string Name { get; }

    /// <summary>What is measured against what, which figures come out and what they should be; for the help text.</summary>
    string Description { get; }

    /// <summary>What it takes beside --quick, each with a value, and what that means.</summary>
    IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>();

    /// <param name="isQuick">End within a minute, with rougher figures.</param>
    Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation);

    /// <param name="options">Those of <see cref="Options"/> that were given.</param>
    Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation) => RunAsync(isQuick, cancellation);
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
