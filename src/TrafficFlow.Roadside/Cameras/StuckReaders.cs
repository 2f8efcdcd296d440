using TrafficFlow.Core.Frames;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Readers of one camera that were told to end and have not: of a child process in uninterruptible sleep (a driver, a network disk) not even
/// kill gets rid. The source is opened again beside them, but not without bound: each holds a process, a connection and memory.
/// </summary>
internal sealed class StuckReaders(TimeSpan patience)
{
    /// <summary>With so many, no further one is opened.</summary>
    public const int Most = 3;

    private readonly Dictionary<int, IFrameReader?> _byRun = [];

    public int Count => _byRun.Count;

    public bool IsFull => Count >= Most;

    /// <summary>What an operator is to know and do; empty where none is stuck.</summary>
    public string Reason => Count == 0
        ? ""
        : $"{(Count == 1 ? "1 earlier reader has" : $"{Count} earlier readers have")} not ended within {patience.TotalSeconds:0.#} s: an ffmpeg process "
            + "that hangs in a driver or on a network disk cannot be killed (state D in ps). "
            + (IsFull ? "The source is not opened again before one ends: restart the device, the mount or the machine" : "The source is read beside it");

    /// <param name="reader">Null where the opening itself has not come back.</param>
    public void Add(int run, IFrameReader? reader) => _byRun[run] = reader;

    /// <summary>A read or an opening that was given up has come back.</summary>
    /// <returns>The reader that can be closed now; null where it belonged to none that is stuck.</returns>
    public IFrameReader? CameBack(int run) => _byRun.GetValueOrDefault(run);

    /// <returns>False where it was none that is stuck.</returns>
    public bool Ended(int run) => _byRun.Remove(run);
}
