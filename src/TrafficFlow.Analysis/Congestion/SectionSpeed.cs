namespace TrafficFlow.Analysis.Congestion;

/// <summary>
/// Mean travel speed over the section of road that ends behind the junction. Public bodies judge sections of some hundred metres; cameras at a junction see the last of them, where
/// everybody waits at red, so that the speed there is low without any congestion. What the cameras do not see is taken as driven at free flow: with a queue that reaches
/// beyond sight the true speed is lower, which <see cref="IsUpperBound"/> says.
/// </summary>
/// <param name="Kmh">Null where no vehicle passed, or the approach was not watched.</param>
/// <param name="IsUpperBound">A queue reached beyond sight: the speed was this or less.</param>
public readonly record struct SectionSpeed(double? Kmh, bool IsUpperBound)
{
    /// <summary>Length of the sections that are judged where nothing else is said, metres. Sections of Japan's road traffic census and of JARTIC's links in towns are of this order.</summary>
    public const double UsualSectionMetres = 500;

    /// <summary>Free flow of journeys, as Core measures delay against it.</summary>
    public const double UsualFreeFlowKmh = 40;

    public static SectionSpeed Of(ApproachInterval interval, double sectionMetres = UsualSectionMetres, double freeFlowKmh = UsualFreeFlowKmh)
    {
        if (interval.Vehicles == 0 || interval.Seconds <= 0) return new SectionSpeed(null, interval.IsBeyondSight);
        var section = Math.Max(sectionMetres, interval.Metres / interval.Vehicles);
        var unseen = (interval.Vehicles * section) - interval.Metres;
        return new SectionSpeed(interval.Vehicles * section / (interval.Seconds + (unseen / (freeFlowKmh / 3.6))) * 3.6, interval.IsBeyondSight);
    }
}
