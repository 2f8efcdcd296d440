using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Benchmarks.Scene;

/// <summary>A clip as grey pictures in memory, played again and again in event time: an hour of it takes seconds.</summary>
internal sealed class SceneClip
{
    private const int FineWidth = 320;

    private readonly List<byte[]> _frames = [];
    private readonly double _rate;

    private SceneClip(string name, int height, double rate)
    {
        (Name, Height, _rate) = (name, height, rate);
        Format = new FrameFormat(Width, height, 10);
        Grid = new SceneGrid(Format, []);
    }

    public string Name { get; }

    public FrameFormat Format { get; }

    public SceneGrid Grid { get; }

    /// <summary>Pixels of the pictures: twice the size at which a scene is compared.</summary>
    public static int Width => 2 * FineWidth;

    public int Height { get; }

    public double Seconds => _frames.Count / _rate;

    public static SceneClip Read(string file)
    {
        var shape = Output("ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height,avg_frame_rate", "-of", "csv=p=0", file]).Trim().Split(',');
        var rate = shape[2].Split('/').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToList();
        var height = 4 * (int)Math.Round(Width / 4.0 * int.Parse(shape[1], CultureInfo.InvariantCulture) / int.Parse(shape[0], CultureInfo.InvariantCulture));
        var clip = new SceneClip(Path.GetFileNameWithoutExtension(file), height, rate[0] / rate[1]);
        using var ffmpeg = Start("ffmpeg", ["-v", "error", "-i", file, "-vf", $"scale={Width}:{height}:flags=area,format=gray", "-f", "rawvideo", "-"]);
        while (true)
        {
            var frame = new byte[Width * height];
            if (ffmpeg.StandardOutput.BaseStream.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) < frame.Length) break;
            clip._frames.Add(frame);
        }

        if (clip._frames.Count == 0) throw new BenchmarkException(BenchmarkException.CannotRun, $"{file} could not be decoded");
        return clip;
    }

    /// <summary>The picture at a time, looped.</summary>
    public byte[] At(double seconds) => _frames[(int)(seconds * _rate) % _frames.Count];

    /// <summary>Averages four pixels to one, into what a scene watch looks at.</summary>
    public void Shrink(byte[] picture, byte[] fine)
    {
        for (var y = 0; y < Grid.FineHeight; y++)
        {
            for (var x = 0; x < FineWidth; x++)
            {
                var at = (2 * y * Width) + (2 * x);
                fine[(y * FineWidth) + x] = (byte)((picture[at] + picture[at + 1] + picture[at + Width] + picture[at + Width + 1] + 2) / 4);
            }
        }
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;

    private static string Output(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        return process.StandardOutput.ReadToEnd();
    }
}
