namespace TrafficFlow.Node.Run.Preflight;

public enum FindingState
{
    Good,

    /// <summary>A node runs with it, and somebody should do something about it.</summary>
    Doubtful,

    /// <summary>A node cannot do its work like that.</summary>
    Bad,
}

/// <summary>One thing that `run --check` has tried.</summary>
/// <param name="Text">What was found; where it is not good, with the remedy.</param>
public sealed record Finding(string What, FindingState State, string Text)
{
    public static Finding Good(string what, string text) => new(what, FindingState.Good, text);

    public static Finding Doubtful(string what, string text) => new(what, FindingState.Doubtful, text);

    public static Finding Bad(string what, string text) => new(what, FindingState.Bad, text);
}
