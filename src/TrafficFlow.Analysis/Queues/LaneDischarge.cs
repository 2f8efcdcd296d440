using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Analysis.Queues;

/// <summary>How a lane's queue stands and leaves: measured on what of it stood within sight, and shrunk to usual figures where few vehicles tell it.</summary>
internal sealed record LaneDischarge
{
    // Usual figures count as so many measured vehicles.
    private const int Prior = 10;

    /// <summary>Between fronts that leave a standing queue, from the fourth on, seconds: the base saturation flow of a through lane is 2,000 vehicles per hour, of all lanes somewhat less.</summary>
    private const double UsualHeadway = 1.9;

    /// <summary>When the first four pass the gate after green begins (HCM 2010, chapter 18: lost time of 2 s at the start).</summary>
    private static readonly double[] s_usualStart = [3, 5.6, 8, 10.2];

    public double HeadwaySeconds { get; private init; } = UsualHeadway;

    /// <summary>Standard deviation of one headway around its mean.</summary>
    public double HeadwayScatter { get; private init; } = 0.8;

    /// <summary>When the first four of a queue pass, after green begins.</summary>
    public IReadOnlyList<double> Start { get; private init; } = s_usualStart;

    /// <summary>From when it is first seen to the gate, of who drives freely.</summary>
    public double FreeSeconds { get; private init; } = 5;

    /// <summary>Of who drives freely, m/s.</summary>
    public double FreeSpeed { get; private init; } = 40 / 3.6;

    public double CarMetres { get; private init; } = 6.9;

    public double LargeMetres { get; private init; } = 11;

    public double MotorcycleMetres { get; private init; } = 4;

    /// <summary>Bumper to bumper where they stand; it is in each of the lengths above.</summary>
    public const double GapMetres = 2.2;

    /// <summary>How far before the stop line the first one stands.</summary>
    public const double FirstGapMetres = 1;

    /// <summary>How fast the start runs back through the queue, m/s: spacing over what of a headway is no driving (Newell 2002, simplified car following).</summary>
    public double StartWave => CarMetres / Math.Max(0.6, HeadwaySeconds - (CarMetres / FreeSpeed));

    /// <summary>Length on the road with the gap before it.</summary>
    public double Spacing(VehicleClass vehicle) => vehicle switch
    {
        VehicleClass.HeavyGoods or VehicleClass.Bus => LargeMetres,
        VehicleClass.Motorcycle => MotorcycleMetres,
        _ => CarMetres,
    };

    /// <summary>Headway before a vehicle of this class, of the rank-th after green began, from 0.</summary>
    public double Headway(VehicleClass vehicle, int rank)
    {
        var cars = vehicle is VehicleClass.HeavyGoods or VehicleClass.Bus ? SaturationFlow.HeavyEquivalent : 1;
        return rank > 0 && rank < Start.Count ? Math.Max(HeadwaySeconds * cars, Start[rank] - Start[rank - 1]) : HeadwaySeconds * cars;
    }

    /// <param name="served">Vehicles that passed in each green, in order.</param>
    /// <param name="seenMetres">How far back from the entering gate cameras see.</param>
    public static LaneDischarge Of(IReadOnlyList<(LaneGreen Green, LaneVehicle[] Vehicles)> served, double seenMetres)
    {
        var (headways, cars, large, starts) = (new List<double>(), new List<double>(), new List<double>(), s_usualStart.Select(_ => new List<double>()).ToArray());
        foreach (var (green, vehicles) in served)
        {
            for (var i = 0; i < vehicles.Length; i++)
            {
                if (vehicles[i].JoinedMetres is not { } metres) break;
                if (i < starts.Length && !vehicles[i].IsLarge) starts[i].Add(vehicles[i].Entered - green.Begin);
                if (i == 0 || vehicles[i - 1].JoinedMetres is not { } before) continue;
                if (i >= 3 && !vehicles[i].IsLarge && !vehicles[i - 1].IsLarge) headways.Add(vehicles[i].Entered - vehicles[i - 1].Entered);
                if (metres > seenMetres - GapMetres) continue;
                if (metres - before is var spacing and > 3 && spacing < (vehicles[i].IsLarge ? 20 : 12) && vehicles[i].Class != VehicleClass.Motorcycle)
                    (vehicles[i].IsLarge ? large : cars).Add(spacing);
            }
        }

        var usual = new LaneDischarge();
        var typical = headways.Count == 0 ? UsualHeadway : Middle(headways);
        var saturated = headways.Where(h => h < (2 * typical) + 0.5).ToList();
        var headway = Math.Clamp(((Prior * UsualHeadway) + saturated.Sum()) / (Prior + saturated.Count), 1.2, 4);
        var free = Free(served);
        return new LaneDischarge
        {
            HeadwaySeconds = headway,
            HeadwayScatter = saturated.Count < Prior ? usual.HeadwayScatter : Math.Clamp(Math.Sqrt(saturated.Sum(h => (h - headway) * (h - headway)) / saturated.Count), 0.5, 1.5),
            Start = [.. starts.Select((s, i) => s.Count < 5 ? s_usualStart[i] : Middle(s))],
            FreeSeconds = free ?? usual.FreeSeconds,
            FreeSpeed = free is { } seconds ? Math.Clamp(seenMetres / seconds, 6, 17) : usual.FreeSpeed,
            CarMetres = Shrunk(cars, usual.CarMetres),
            LargeMetres = Shrunk(large, usual.LargeMetres),
        };
    }

    /// <summary>Mean of those who did not wait within sight and were little slower than the fastest sixth: few of them waited behind it either.</summary>
    private static double? Free(IReadOnlyList<(LaneGreen Green, LaneVehicle[] Vehicles)> served)
    {
        var seconds = served.SelectMany(s => s.Vehicles).Where(v => v.Joined is null && v.Entered > v.FirstSeen).Select(v => v.Entered - v.FirstSeen).Order().ToList();
        return seconds.Count < 12 ? null : seconds.Skip(seconds.Count / 20).TakeWhile(s => s <= seconds[seconds.Count / 6] + 1.5).DefaultIfEmpty(seconds[seconds.Count / 6]).Average();
    }

    private static double Shrunk(List<double> measured, double usual) =>
        measured.Count == 0 ? usual : ((Prior * usual) + (measured.Count * Middle(measured))) / (Prior + measured.Count);

    private static double Middle(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
