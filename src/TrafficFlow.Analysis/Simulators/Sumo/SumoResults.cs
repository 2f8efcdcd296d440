using System.Collections.Immutable;
using System.Globalization;
using System.Xml;

namespace TrafficFlow.Analysis.Simulators.Sumo;

/// <summary>What SUMO wrote of one run: its tripinfo and vehroute files, put together with the vehicles that were asked for.</summary>
internal static class SumoResults
{
    private sealed class Trip
    {
        public double TimeLoss { get; init; }
        public double DepartDelay { get; init; }
        public double Waiting { get; init; }
        public double RouteMetres { get; init; }
        public int Stops { get; init; }
        public bool HasLeft { get; init; }
        public double? Fuel { get; set; }
        public double? Co2 { get; set; }
    }

    private readonly record struct Way(double Depart, double[] ExitTimes);

    /// <param name="endSeconds">When the simulation ended: whoever was never let in has waited until then.</param>
    /// <exception cref="SimulatorException">The files are not those of a whole run.</exception>
    public static ImmutableArray<SimulatedJourney> Read(
        SumoNetwork network, IReadOnlyList<ArrivingVehicle> vehicles, string tripinfo, string vehroutes, double freeFlowKmh, double endSeconds)
    {
        try
        {
            var (trips, ways) = (ReadTrips(tripinfo), ReadWays(vehroutes));
            return [.. vehicles.Select(v => Of(v, trips.GetValueOrDefault(v.Number), ways.TryGetValue(v.Number, out var way) ? way : null))];
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException or IOException)
        {
            throw new SimulatorException($"what SUMO wrote cannot be read ({e.Message}): is the disk full, or is it another version than 1.15?", e);
        }

        SimulatedJourney Of(ArrivingVehicle vehicle, Trip? trip, Way? way)
        {
            if (trip is null) return new SimulatedJourney(vehicle.Turn, vehicle.Class, vehicle.WantsToArriveAt, Math.Max(0, endSeconds - vehicle.WantsToArriveAt), null, 0, 0, null, null, false);
            return new SimulatedJourney(
                vehicle.Turn, vehicle.Class, vehicle.WantsToArriveAt, trip.TimeLoss + Math.Max(0, trip.DepartDelay), trip.HasLeft && way is { } w ? Seen(vehicle, trip, w) : null,
                trip.Stops, trip.Waiting, trip.Fuel, trip.Co2, trip.HasLeft);
        }

        double? Seen(ArrivingVehicle vehicle, Trip trip, Way way)
        {
            var (edges, metres) = network.Unseen(vehicle.Turn);
            // The last edge lies behind the exiting gate.
            if (way.ExitTimes.Length < 2) return null;
            var from = edges == 0 ? way.Depart : way.ExitTimes[edges - 1];
            var seconds = way.ExitTimes[^2] - from;
            return Math.Max(0, seconds - ((trip.RouteMetres - metres - SumoNetwork.AfterGateMetres) / (freeFlowKmh / 3.6)));
        }
    }

    private static Dictionary<int, Trip> ReadTrips(string file)
    {
        var trips = new Dictionary<int, Trip>();
        using var xml = Open(file);
        Trip? last = null;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (xml.Name == "tripinfo")
            {
                last = new Trip
                {
                    TimeLoss = Figure(xml, "timeLoss"),
                    DepartDelay = Figure(xml, "departDelay"),
                    Waiting = Figure(xml, "waitingTime"),
                    RouteMetres = Figure(xml, "routeLength"),
                    Stops = (int)Figure(xml, "waitingCount"),
                    HasLeft = Figure(xml, "arrival") >= 0,
                };
                trips[(int)Figure(xml, "id")] = last;
            }
            else if (xml.Name == "emissions" && last is not null)
            {
                // In milligrams.
                last.Fuel = Figure(xml, "fuel_abs") / 1000;
                last.Co2 = Figure(xml, "CO2_abs") / 1000;
            }
        }

        return trips;
    }

    private static Dictionary<int, Way> ReadWays(string file)
    {
        var ways = new Dictionary<int, Way>();
        using var xml = Open(file);
        var (vehicle, depart) = (-1, 0.0);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (xml.Name == "vehicle") (vehicle, depart) = ((int)Figure(xml, "id"), Figure(xml, "depart"));
            else if (xml.Name == "route" && vehicle >= 0 && xml.GetAttribute("exitTimes") is { } times)
            {
                ways[vehicle] = new Way(depart, [.. times.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => double.Parse(t, CultureInfo.InvariantCulture))]);
            }
        }

        return ways;
    }

    private static XmlReader Open(string file) => XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, IgnoreWhitespace = true });

    private static double Figure(XmlReader xml, string name) =>
        double.Parse(xml.GetAttribute(name) ?? throw new FormatException($"a {xml.Name} has no {name}"), CultureInfo.InvariantCulture);
}
