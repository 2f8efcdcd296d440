using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic.Views;

/// <summary>Traffic by a seed: how much comes on each arm, of what kinds, how fast, and how the signals run.</summary>
public static class StreetTraffic
{
    public static JunctionSettings Of(int seed, bool isJammed)
    {
        var random = new Pcg32((ulong)(uint)seed, 7101);
        var (least, most) = isJammed ? (550.0, 900.0) : (200.0, 850.0);
        var signals = isJammed
            ? new SignalTimes(U(90, 175), 10, 3, 2)
            : new SignalTimes(U(18, 38), U(7, 12), 3, 2);
        return JunctionSettings.Default with
        {
            Seed = seed,
            North = Demand(),
            East = Demand(),
            South = Demand(),
            West = Demand(),
            Mix = new ClassMix(U(0.5, 0.75), U(0.1, 0.22), U(0.04, 0.14), U(0.02, 0.06), U(0.03, 0.12)),
            Signals = signals,
            DesiredSpeedKmh = U(32, 56),
        };

        ApproachDemand Demand() => new(U(least, most), U(0.12, 0.25), U(0.1, 0.22));

        double U(double low, double high) => random.Between(low, high);
    }

    /// <summary>Where in the cycle of the signals the film begins. In a jam east and west have just been given red, or will be soon.</summary>
    public static TimeSpan Start(JunctionSettings traffic, bool isJammed)
    {
        var random = new Pcg32((ulong)(uint)traffic.Seed, 7102);
        return TimeSpan.FromSeconds(Math.Round(isJammed ? random.Between(0, 30) : random.Between(0, traffic.Signals.Cycle), 1));
    }
}
