using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.Flow;
using TrafficFlow.Wire.Proto;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>
/// Minute cells in columns: each stream is named once, minutes are steps from the one before, and speeds stand only where some were
/// measured. Three days are a third of what a row for each cell takes.
/// </summary>
internal static class PackedCells
{
    public static PackedMinutes Write(MinuteCells cells)
    {
        var packed = new PackedMinutes();
        var streams = new Dictionary<FlowStream, int>();
        var last = 0L;
        foreach (var (minute, stream, sums) in cells.All)
        {
            if (!streams.TryGetValue(stream, out var number))
            {
                streams.Add(stream, number = streams.Count);
                packed.Movements.Add(stream.Movement.Name);
                packed.Classes.Add((int)stream.Class);
            }

            var ticks = WireValues.Ticks(minute);
            packed.MinuteSteps.Add((ticks - last) / TimeSpan.TicksPerMinute);
            last = ticks;
            packed.Streams.Add(number);
            packed.Counts.Add(sums.Count);
            packed.Small.Add(sums.Small);
            packed.Large.Add(sums.Large);
            packed.SpeedSamples.Add(sums.SpeedSamples);
            if (sums.SpeedSamples == 0) continue;
            packed.SpeedSumsKmh.Add(sums.SpeedSumKmh);
            packed.PaceSums.Add(sums.PaceSum);
        }

        last = 0;
        foreach (var (minute, sums) in cells.Queues)
        {
            var ticks = WireValues.Ticks(minute);
            packed.QueueMinuteSteps.Add((ticks - last) / TimeSpan.TicksPerMinute);
            last = ticks;
            packed.Queues.Add(QueueWire.Write(sums));
        }

        return packed;
    }

    public static MinuteCells Read(PackedMinutes packed)
    {
        var streams = packed.Movements.Zip(packed.Classes, (m, c) => new FlowStream(new Movement(m), WireValues.Enum<VehicleClass>(c))).ToList();
        var (cells, ticks, speeds) = (MinuteCells.Empty, 0L, 0);
        for (var i = 0; i < packed.Streams.Count; i++)
        {
            ticks += packed.MinuteSteps[i] * TimeSpan.TicksPerMinute;
            var (samples, speed, pace) = (packed.SpeedSamples[i], 0.0, 0.0);
            if (samples > 0) (speed, pace) = (packed.SpeedSumsKmh[speeds], packed.PaceSums[speeds++]);
            cells = cells.Add(
                WireValues.Time(ticks), streams[packed.Streams[i]],
                new FlowSums(packed.Counts[i], packed.Small[i], packed.Large[i], samples, speed, pace));
        }

        ticks = 0;
        for (var i = 0; i < packed.Queues.Count; i++)
        {
            ticks += packed.QueueMinuteSteps[i] * TimeSpan.TicksPerMinute;
            cells = cells.Add(WireValues.Time(ticks), QueueWire.Read(packed.Queues[i]));
        }

        return cells;
    }
}
