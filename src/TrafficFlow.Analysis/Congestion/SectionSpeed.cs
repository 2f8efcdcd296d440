namespace TrafficFlow.Analysis.Congestion;

/// <summary>
/// Mean travel speed over the section of road that ends behind the junction. Public bodies judge sections of some hundred metres; cameras at a junction see the last of them, where
/// everybody waits at red, so that the speed there is low without any congestion. What the cameras do not see is driven at free flow, unless a queue reaches beyond sight: then the
/// truth lies between that and the speed that was seen.
/// </summary>
/// <param name="LowKmh">As if the road beyond sight were driven as what is seen. Null where no vehicle passed.</param>
/// <param name="HighKmh">As if it were driven at free flow.</param>
public readonly record struct SectionSpeed(double? LowKmh, double? HighKmh)
{
    /// <summary>Length of the sections that are judged where nothing else is said, metres. Sections of Japan's road traffic census and of JARTIC's links in towns are of this order.</summary>
    public const double UsualSectionMetres = 500;

    /// <summary>Known to the error of what was seen.</summary>
    public bool IsKnown => HighKmh is not null && LowKmh == HighKmh;

    public static SectionSpeed Of(ApproachInterval interval, double sectionMetres, double freeFlowKmh)
    {
        if (interval.Vehicles == 0 || interval.Seconds <= 0) return default;
        var section = Math.Max(sectionMetres, interval.Metres / interval.Vehicles);
        var unseen = (interval.Vehicles * section) - interval.Metres;
        var high = Over(freeFlowKmh);
        return new SectionSpeed(interval.IsBeyondSight ? Math.Min(high, Over(Math.Min(freeFlowKmh, interval.SeenSpeedKmh!.Value))) : high, high);

        double Over(double unseenKmh) => interval.Vehicles * section / (interval.Seconds + (unseen / (unseenKmh / 3.6))) * 3.6;
    }
}
