using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>Within what the offsets of a line may be changed.</summary>
public sealed record CorridorRules
{
    public static readonly CorridorRules Default = new();

    /// <summary>Between two offsets to choose from: 1 or 2 s.</summary>
    public double StepSeconds { get; init; } = 2;

    /// <summary>Whether the order of stages may change, too, to such as <see cref="StageOrders"/> allows.</summary>
    public bool ChangesOrder { get; init; }

    /// <summary>By how much the mean delay of a signal group may grow before a proposal says so.</summary>
    public double MostAddedDelaySeconds { get; init; } = 10;

    /// <summary>How long must pass between the end of one group's green and the begin of another's; null where nobody knows.</summary>
    public Func<SignalGroup, SignalGroup, double>? IntergreenSeconds { get; init; }

    /// <exception cref="ArgumentException">They make no sense.</exception>
    internal CorridorRules Validated()
    {
        if (!(StepSeconds is >= 0.5 and <= 10)) throw new ArgumentException($"a step of {StepSeconds} s between offsets: choose 1 or 2 s");
        if (!(MostAddedDelaySeconds >= 0)) throw new ArgumentException("the delay that may be added is 0 s or more");
        return this;
    }
}
