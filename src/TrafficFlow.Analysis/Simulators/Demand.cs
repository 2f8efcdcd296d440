using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Analysis.Simulators;

/// <summary>Vehicles of one class on one movement.</summary>
/// <param name="RelativeError">Standard error as a share of it: each seed draws the movement's demand as it may have been, the same for whatever plan is tried on it.</param>
public readonly record struct DemandFlow(TurnId Turn, VehicleClass Class, double VehiclesPerHour, double RelativeError = 0);

/// <summary>Demand that does not change over [<paramref name="FromSeconds"/>, <paramref name="ToSeconds"/>) of the simulation.</summary>
public sealed record DemandSlice(double FromSeconds, double ToSeconds, ImmutableArray<DemandFlow> Flows);

/// <summary>A vehicle that wants to arrive.</summary>
/// <param name="Number">From 0 in order of time.</param>
/// <param name="WantsToArriveAt">Second of the simulation at which it comes to the beginning of its arm.</param>
public sealed record ArrivingVehicle(int Number, double WantsToArriveAt, TurnId Turn, VehicleClass Class);

/// <summary>What arrives when. Poisson streams, each of its own random numbers: equal seeds give equal vehicles whatever the signals do, so that plans are compared on the same traffic.</summary>
public static class ArrivingTraffic
{
    /// <summary>More vehicles than any junction can pass in the longest span that is simulated: demand of this kind is a mistake in it.</summary>
    public const int MostVehicles = 200_000;

    /// <exception cref="SimulatorException">The demand makes no sense.</exception>
    public static ImmutableArray<ArrivingVehicle> Of(IReadOnlyList<DemandSlice> demand, int seed)
    {
        var vehicles = new List<(double At, TurnId Turn, VehicleClass Class)>();
        foreach (var slice in demand)
        {
            if (!(slice.ToSeconds > slice.FromSeconds) || !double.IsFinite(slice.ToSeconds) || slice.FromSeconds < 0) throw new SimulatorException($"a slice of demand from second {slice.FromSeconds} to {slice.ToSeconds} is none");
            foreach (var flow in slice.Flows)
            {
                if (!(flow.RelativeError is >= 0 and <= 1)) throw new SimulatorException($"{flow.Turn}: the error of its demand is a share of it, 0 to 1");
                if (!(flow.VehiclesPerHour is >= 0 and <= 20_000)) throw new SimulatorException($"{flow.Turn}: {flow.VehiclesPerHour} vehicles an hour is no demand (0 to 20,000)");
                if (flow.VehiclesPerHour == 0) continue;
                var random = new MersenneTwister(StreamSeed(seed, flow, slice), threadSafe: false);
                var perSecond = flow.VehiclesPerHour / 3600 * FactorOf(seed, flow);
                for (var at = slice.FromSeconds + Exponential.Sample(random, perSecond); at < slice.ToSeconds; at += Exponential.Sample(random, perSecond))
                {
                    vehicles.Add((at, flow.Turn, flow.Class));
                    if (vehicles.Count > MostVehicles) throw new SimulatorException($"the demand is more than {MostVehicles:N0} vehicles: simulate fewer hours at once");
                }
            }
        }

        return [.. vehicles.OrderBy(v => v.At).ThenBy(v => v.Turn.ToString(), StringComparer.Ordinal).Select((v, i) => new ArrivingVehicle(i, v.At, v.Turn, v.Class))];
    }

    /// <summary>One for all classes and slices of a movement: it was measured too low or too high as a whole.</summary>
    private static double FactorOf(int seed, DemandFlow flow) => flow.RelativeError <= 0 ? 1
        : LogNormal.WithMeanVariance(1, flow.RelativeError * flow.RelativeError, new MersenneTwister(Hash(FormattableString.Invariant($"{seed}|{flow.Turn}")), threadSafe: false)).Sample();

    private static int StreamSeed(int seed, DemandFlow flow, DemandSlice slice) => Hash(FormattableString.Invariant($"{seed}|{flow.Turn}|{flow.Class.Name()}|{slice.FromSeconds:R}"));

    /// <summary>FNV-1a: the same on every runtime.</summary>
    private static int Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = unchecked((hash ^ c) * 16777619u);
        return unchecked((int)hash);
    }
}
