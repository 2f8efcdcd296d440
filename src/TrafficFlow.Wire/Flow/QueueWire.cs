using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Flow;

/// <summary>Measured queues, in whatever message they stand.</summary>
internal static class QueueWire
{
    public static Proto.QueueSums Write(QueueSums q) => new()
    {
        Seconds = q.Seconds,
        MetreSeconds = q.MetreSeconds,
        MaxMetres = q.MaxMetres,
        VehicleSeconds = q.VehicleSeconds,
        MaxVehicles = q.MaxVehicles,
    };

    public static QueueSums Read(Proto.QueueSums q) => new(q.Seconds, q.MetreSeconds, q.MaxMetres, q.VehicleSeconds, q.MaxVehicles);

    public static Proto.QueueReading Write(QueueReading reading) => new()
    {
        Approach = reading.Approach.Value,
        FromTicks = WireValues.Ticks(reading.From),
        Sums = Write(reading.Sums),
    };

    public static QueueReading Read(Proto.QueueReading reading) =>
        new(new ApproachId(reading.Approach), WireValues.Time(reading.FromTicks), Read(reading.Sums));
}
