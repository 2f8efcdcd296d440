using System.Runtime.Serialization;
using Google.Protobuf;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Flow;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.OutboxEntries;

/// <summary>Entries of a camera's log and places in it, in whatever message they stand.</summary>
internal static class LogWire
{
    public static Proto.Position Write(LogPosition p) => new() { Epoch = p.Epoch, Sequence = p.Sequence };

    public static LogPosition Read(Proto.Position p) => new(p.Epoch, p.Sequence);

    public static Proto.Entry Write(OutboxEntry entry)
    {
        switch (entry)
        {
            case VehicleEntry { Vehicle: var v }:
                var vehicle = new Proto.Vehicle
                {
                    Approach = v.Approach.Value,
                    Movement = v.Movement.Name,
                    TimeTicks = WireValues.Ticks(v.Time),
                    Class = (int)v.Class,
                    Size = (int)v.Size,
                };
                if (v.SpeedKmh is { } speed) vehicle.SpeedKmh = speed;
                return new Proto.Entry { Sequence = entry.Sequence, Camera = v.Camera.Value, Vehicle = vehicle };
            case CoverageEntry { Coverage: var c }:
                return new Proto.Entry
                {
                    Sequence = entry.Sequence,
                    Camera = c.Camera.Value,
                    Coverage = new Proto.Coverage
                    {
                        FromTicks = WireValues.Ticks(c.From),
                        ToTicks = WireValues.Ticks(c.To),
                        Processed = c.FramesProcessed,
                        Dropped = c.FramesDropped,
                        State = (int)c.State,
                        Queues = { c.Queues.Select(QueueWire.Write) },
                    },
                };
            case JourneyEntry j:
                return new Proto.Entry { Sequence = j.Sequence, Camera = j.Camera.Value, Approach = ApproachId.Journeys.Value, Journey = JourneyWire.Write(j.Journey) };
            case UnknownEntry unknown:
                return Proto.Entry.Parser.ParseFrom(unknown.Content.AsSpan());
            default:
                throw new SerializationException($"{entry.GetType()} has no wire form");
        }
    }

    public static OutboxEntry Read(Proto.Entry entry)
    {
        var camera = new CameraId(entry.Camera);
        return entry.ContentCase switch
        {
            Proto.Entry.ContentOneofCase.Vehicle => new VehicleEntry(entry.Sequence, new CountedVehicle(
                camera,
                new ApproachId(entry.Vehicle.Approach),
                new Movement(entry.Vehicle.Movement),
                WireValues.Time(entry.Vehicle.TimeTicks),
                WireValues.Enum<VehicleClass>(entry.Vehicle.Class),
                WireValues.Enum<VehicleSize>(entry.Vehicle.Size),
                Measures.OrUnknown(entry.Vehicle.HasSpeedKmh, entry.Vehicle.SpeedKmh))),
            Proto.Entry.ContentOneofCase.Coverage => new CoverageEntry(entry.Sequence, new Coverage(
                camera,
                WireValues.Time(entry.Coverage.FromTicks),
                WireValues.Time(entry.Coverage.ToTicks),
                entry.Coverage.Processed,
                entry.Coverage.Dropped,
                WireValues.Enum<WatchState>(entry.Coverage.State))
            { Queues = [.. entry.Coverage.Queues.Select(QueueWire.Read).Where(q => Measures.IsMeasured(q.Sums))] }),
            Proto.Entry.ContentOneofCase.Journey => new JourneyEntry(entry.Sequence, camera, JourneyWire.Read(entry.Journey)),
            _ => new UnknownEntry(entry.Sequence, camera, new ApproachId(entry.Approach), [.. entry.ToByteArray()]),
        };
    }
}
