using System.Globalization;
using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>A vehicle of a clip whose class and colour a person judged from the picture.</summary>
/// <param name="Box">In fractions of the picture.</param>
/// <param name="Class">Null where the picture does not tell.</param>
/// <param name="Colour">Null where two persons might disagree.</param>
internal sealed record MarkedVehicle(string Clip, double Seconds, Box Box, VehicleClass? Class, VehicleColour? Colour)
{
    /// <param name="file">marked.csv, with the header clip,time_s,x,y,width,height,class,colour.</param>
    public static IReadOnlyList<MarkedVehicle> Read(string file) => [.. File.ReadLines(file).Skip(1).Select(Parse)];

    private static MarkedVehicle Parse(string line)
    {
        var values = line.Split(',');
        float Number(int i) => float.Parse(values[i], CultureInfo.InvariantCulture);
        return new MarkedVehicle(
            values[0],
            Number(1),
            new Box(Number(2), Number(3), Number(4), Number(5)),
            values[6].Length == 0 ? null : VehicleClassNames.TryParse(values[6], out var vehicleClass) ? vehicleClass : throw new FormatException(line),
            values[7].Length == 0 ? null : VehicleColourNames.All.First(c => c.Name() == values[7]));
    }
}

/// <summary>A marked vehicle and what its track was called at its end.</summary>
/// <param name="CalledClass">Null where the vehicle was not followed.</param>
internal sealed record MarkedResult(MarkedVehicle Vehicle, VehicleClass? CalledClass, VehicleColour? CalledColour);

/// <summary>Finds the tracks of the marked vehicles of one clip while it is counted.</summary>
internal sealed class MarkedJudge(string clip, IReadOnlyList<MarkedVehicle> marked)
{
    private readonly List<(MarkedVehicle Vehicle, long? Track, double Off)> _found =
        [.. marked.Where(m => m.Clip == clip).Select(m => (m, (long?)null, double.MaxValue))];

    public void See(double seconds, AnonymizedFrame frame, IReadOnlyList<Detection> detections, PipelineOutput output)
    {
        for (var i = 0; i < _found.Count; i++)
        {
            var (vehicle, _, best) = _found[i];
            var off = Math.Abs(vehicle.Seconds - seconds);
            if (off > 0.12 || off >= best) continue;
            var box = new Box(vehicle.Box.X * frame.Width, vehicle.Box.Y * frame.Height, vehicle.Box.Width * frame.Width, vehicle.Box.Height * frame.Height);
            if (CountedVideo.TrackAt(output, box, 0.4f) is { } track) _found[i] = (vehicle, track, off);
        }
    }

    public IReadOnlyList<MarkedResult> Results(CountedVideo video) => [.. _found.Select(f => f.Track is { } track
        ? new MarkedResult(f.Vehicle, video.Tracks[track].Class, video.Tracks[track].Colour)
        : new MarkedResult(f.Vehicle, null, null))];
}
