namespace TrafficFlow.Core.Incidents;

/// <summary>What the arrivals of an approach say about a drop.</summary>
/// <param name="UsualPerSecond">Rate before the present run of few arrivals.</param>
/// <param name="Since">Index of the second at which that run began.</param>
/// <param name="Evidence">Log likelihood ratio of a drop against the usual rate, over that run.</param>
/// <param name="Needed">From here on it is a drop.</param>
public readonly record struct FlowDropEvidence(double UsualPerSecond, int Since, double Evidence, double Needed)
{
    public bool IsDrop => Evidence >= Needed;
}

/// <summary>
/// Page's test (CUSUM) for a fall of a Poisson rate. With Poisson arrivals a run reaches h with a probability below exp(-h), and each arrival may begin
/// one, so h = ln(arrivals per hour times hours per false alarm). Arrivals at a signal come in platoons, and each red is a run of its own: what the runs
/// of the same stream have reached in the minutes before comes on top. Pure.
/// </summary>
public static class FlowDropTest
{
    /// <param name="arrivals">In each watched second.</param>
    /// <returns>Null where too little is known of what is usual.</returns>
    public static FlowDropEvidence? Of(ReadOnlySpan<int> arrivals, IncidentSettings settings)
    {
        var (since, rate) = (arrivals.Length, 0.0);
        FlowDropEvidence? found = null;
        // The usual rate is that before the run, and where the run began depends on that rate: twice is enough.
        for (var round = 0; round < 2; round++)
        {
            if (since < settings.LeastUsualMinutes * 60 || Sum(arrivals[..since]) is var sum && sum < settings.LeastUsualVehicles) return null;
            rate = (double)sum / since;
            found = Run(arrivals, rate, settings);
            since = found.Value.Since;
        }

        return found;
    }

    /// <summary>Evidence that vehicles come as usual again, in the seconds from some on: the same test the other way round.</summary>
    public static bool IsOver(ReadOnlySpan<int> arrivals, double usualPerSecond, IncidentSettings settings)
    {
        // One of a hundred drops that go on is called over too early.
        const double Needed = 4.6;
        var (evidence, fall, each) = (0.0, usualPerSecond * (1 - settings.DropShare), -Math.Log(settings.DropShare));
        foreach (var count in arrivals)
        {
            evidence = Math.Max(0, evidence - fall + (count * each));
            if (evidence >= Needed) return true;
        }

        return false;
    }

    private static FlowDropEvidence Run(ReadOnlySpan<int> arrivals, double rate, IncidentSettings settings)
    {
        var (fall, each) = (rate * (1 - settings.DropShare), -Math.Log(settings.DropShare));
        var (evidence, since, highest, run) = (0.0, 0, 0.0, 0.0);
        for (var i = 0; i < arrivals.Length; i++)
        {
            evidence = Math.Max(0, evidence + fall - (arrivals[i] * each));
            run = Math.Max(run, evidence);
            if (evidence > 0) continue;
            highest = Math.Max(highest, run);
            (since, run) = (i + 1, 0);
        }

        return new FlowDropEvidence(rate, since, evidence, Math.Log(Math.Max(1, rate * 3600 * settings.HoursPerFalseDrop)) + highest);
    }

    private static int Sum(ReadOnlySpan<int> counts)
    {
        var sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
