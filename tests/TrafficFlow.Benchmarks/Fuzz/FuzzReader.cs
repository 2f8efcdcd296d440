namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>One reader of bytes that others made, as the fuzzer drives it.</summary>
/// <param name="Name">As on the command line and in the figures.</param>
/// <param name="Read">
/// Gives the bytes to the reader. True where it took them; false where it refused them in the way that it promises. Any other exception is a
/// crash, and <see cref="WrongAcceptanceException"/> says that what it took is not what it must take.
/// </param>
internal sealed record FuzzReader(string Name, Func<byte[], bool> Read)
{
    /// <summary>Genuine inputs and those that once did harm: tried first, then changed.</summary>
    public IReadOnlyList<byte[]> Seeds { get; init; } = [];

    /// <summary>Words of the format.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];

    /// <summary>Inputs at a time, of 64: a slow reader gets fewer.</summary>
    public int Share { get; init; } = 64;

    /// <summary>Bytes that may be allocated for an input of a length, the writing and reading back of what was taken with it.</summary>
    public Func<int, long> MostBytes { get; init; } = length => (4L << 20) + (1000L * length);

    /// <summary>What an input means, for people.</summary>
    public Func<byte[], string> Describe { get; init; } = _ => "";
}

/// <summary>A reader took what it must refuse; the message says what.</summary>
internal sealed class WrongAcceptanceException(string message) : Exception(message);

/// <summary>How an input ended.</summary>
internal enum FuzzOutcome
{
    Refused,
    Taken,
    Crash,
    Hang,
    OverMemory,
    WrongAcceptance,
}
