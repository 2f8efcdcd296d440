using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>What one camera detected in each frame.</summary>
internal sealed record Recording(ScoreBands Scores, List<(DateTimeOffset Time, Detection[] Detections)> Frames)
{
    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        using (var writer = new BinaryWriter(File.Create(file + ".part")))
        {
            writer.Write(Scores.Low);
            writer.Write(Scores.High);
            writer.Write(Scores.New);
            writer.Write(Frames.Count);
            foreach (var (time, detections) in Frames)
            {
                writer.Write(time.UtcTicks);
                writer.Write(detections.Length);
                foreach (var d in detections)
                {
                    writer.Write(d.Box.X);
                    writer.Write(d.Box.Y);
                    writer.Write(d.Box.Width);
                    writer.Write(d.Box.Height);
                    writer.Write(d.Score);
                    writer.Write((int)d.Class);
                    writer.Write((int)d.Kind);
                    writer.Write((int)d.Colour.Colour);
                    writer.Write(d.Colour.Weight);
                    writer.Write((int)d.Look.Class);
                    writer.Write(d.Look.Weight);
                }
            }
        }

        File.Move(file + ".part", file, overwrite: true);
    }

    public static Recording Read(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file));
        var scores = new ScoreBands(reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
        var frames = new List<(DateTimeOffset, Detection[])>(reader.ReadInt32());
        for (var f = 0; f < frames.Capacity; f++)
        {
            var time = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            var detections = new Detection[reader.ReadInt32()];
            for (var d = 0; d < detections.Length; d++)
            {
                var box = new Box(reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
                detections[d] = new Detection(box, reader.ReadSingle(), (VehicleClass)reader.ReadInt32(), (DetectedKind)reader.ReadInt32(), new ColourSample((VehicleColour)reader.ReadInt32(), reader.ReadSingle()))
                {
                    Look = new ClassSample((VehicleClass)reader.ReadInt32(), reader.ReadSingle()),
                };
            }

            frames.Add((time, detections));
        }

        return new Recording(scores, frames);
    }
}
