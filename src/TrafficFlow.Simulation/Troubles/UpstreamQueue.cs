namespace TrafficFlow.Simulation.Troubles;

/// <summary>When those who come through signals upstream of one arm come, instead of at any time.</summary>
internal sealed class UpstreamQueue(IReadOnlyList<UpstreamSignal> signals, int seed, int arm)
{
    /// <summary>Two who leave a queue pass its stop line so long after each other, seconds.</summary>
    private const double Headway = 2;

    // From where vehicles appear to the stop line at a usual speed.
    private const double TravelSeconds = JunctionLayout.ArmLength / 12;

    private readonly Pcg32 _random = new((ulong)(uint)seed, (ulong)arm + 800);
    private double _last = double.NegativeInfinity;

    /// <summary>When somebody appears who would have at a time without the signals.</summary>
    public double Release(double seconds)
    {
        foreach (var signal in signals)
        {
            if (!signal.Span.Contains(seconds)) continue;
            if (_random.Uniform() >= signal.PlatoonShare) return seconds;
            var at = Math.Max(seconds, _last + Headway);
            var within = (at + TravelSeconds - signal.GreenFromSeconds) % signal.CycleSeconds;
            if (within < 0) within += signal.CycleSeconds;
            if (within >= signal.GreenSeconds) at += signal.CycleSeconds - within;
            return _last = at;
        }

        return seconds;
    }
}
