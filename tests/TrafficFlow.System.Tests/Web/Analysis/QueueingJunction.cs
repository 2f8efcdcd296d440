using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.SystemTests.Web.Analysis;

/// <summary>One lane: vehicles come as they like, wait, and pass in green.</summary>
/// <param name="PerHour">Arrivals by time, seconds since the begin.</param>
/// <param name="Greens">By number of the plan: begin and length in the cycle, seconds.</param>
internal sealed record QueueingLane(ApproachId Approach, int Number, ApproachId Exit, Func<double, double> PerHour, (double Begin, double Length)[] Greens);

/// <summary>A vehicle of it, seconds since the begin.</summary>
/// <param name="Ahead">That stood before it when it came.</param>
internal readonly record struct QueueingVehicle(double Arrives, double Passes, int Ahead, bool IsLarge);

/// <summary>A junction as textbooks have it, without pictures and tracks: Poisson arrivals, the first of a queue passes 2 s after green, one more every 2 s, a large one needs a second more; 2 s of the amber are used.</summary>
internal sealed class QueueingJunction(DateTimeOffset begin, double seconds, double changesAt, (double Before, double After) cycles, int seed)
{
    public const double CarMetres = 7;

    private readonly Random _random = new(seed);

    public IReadOnlyList<QueueingVehicle> Run(QueueingLane lane)
    {
        var vehicles = new List<QueueingVehicle>();
        var waiting = new Queue<(double At, int Ahead, bool IsLarge)>();
        var arrival = Next(lane, 0);
        foreach (var (from, to) in GreensOf(lane))
        {
            var next = from + 2;
            while (next <= to + 2)
            {
                while (arrival <= next && arrival < seconds)
                {
                    waiting.Enqueue((arrival, waiting.Count, _random.NextDouble() < 0.09));
                    arrival = Next(lane, arrival);
                }

                if (waiting.Count == 0)
                {
                    if (arrival > to + 2 || arrival >= seconds) break;
                    next = arrival;
                    continue;
                }

                var (at, ahead, isLarge) = waiting.Dequeue();
                vehicles.Add(new QueueingVehicle(at, Math.Max(at, next) + (0.25 * Normal()), ahead, isLarge));
                next = Math.Max(at, next) + (isLarge ? 3 : 2);
            }
        }

        return vehicles;
    }

    public IEnumerable<(double From, double To)> GreensOf(QueueingLane lane)
    {
        for (var at = 0.0; at < seconds; at += at < changesAt ? cycles.Before : cycles.After)
        {
            var green = lane.Greens[at < changesAt ? 0 : 1];
            yield return (at + green.Begin, at + green.Begin + green.Length);
        }
    }

    public Journey JourneyOf(QueueingLane lane, QueueingVehicle vehicle, long number) => new(number, lane.Approach, lane.Exit, At(vehicle.Passes), At(vehicle.Passes + 4), vehicle.IsLarge ? VehicleClass.HeavyGoods : VehicleClass.PassengerCar, 0.95)
    {
        FirstSeenAt = At(vehicle.Arrives - 5.4),
        LastSeenAt = At(vehicle.Passes + 4),
        DistanceMetres = 85,
        DelaySeconds = Math.Max(0, vehicle.Passes - vehicle.Arrives),
        Stops = vehicle.Passes - vehicle.Arrives > 4 ? 1 + (int)((vehicle.Passes - vehicle.Arrives) / 90) : 0,
        StoppedSeconds = Math.Max(0, vehicle.Passes - vehicle.Arrives - 3),
        LateralMetres = lane.Number * 3,
        Cameras = 2,
    };

    public DateTimeOffset At(double second) => begin.AddSeconds(second);

    private double Next(QueueingLane lane, double after)
    {
        // Thinned from the highest rate that there is.
        const double Most = 2000.0 / 3600;
        for (var at = after; ;)
        {
            at -= Math.Log(1 - _random.NextDouble()) / Most;
            if (at >= seconds || _random.NextDouble() * Most < lane.PerHour(at) / 3600) return at;
        }
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
