using System.Diagnostics;
using OpenCvSharp;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.SystemTests.Support;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>
/// A film of the synthetic junction with traffic, 1280x720, before which a car with a large plate is parked and somebody stands whose face has
/// stripes: from the first picture to the last. And how much of plate and face can still be read in a picture.
/// </summary>
internal static class PrivateStreet
{
    public const int Width = 1280;
    public const int Height = 720;
    public const double Rate = 10;
    public const int Frames = 60;
    public static readonly Box Car = new(90, 330, 470, 340);
    public static readonly Box Person = new(860, 300, 110, 330);

    private const string Characters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    private const string Written = "K47TRF92";
    private const int Cell = 20;
    private static readonly Rect s_plate = new(245, 560, Cell * 8, 38);
    private static readonly Lazy<IReadOnlyList<(char Character, double[] Pixels)>> s_glyphs = new(() => [.. Characters.Select(c => (c, Glyph(c)))]);
    private static readonly Rect s_face = new(890, 312, 50, 56);

    public static string Film(Clips clips)
    {
        var file = clips.PathOf("private street.mkv");
        if (File.Exists(file)) return file;
        using var ffmpeg = Process.Start(new ProcessStartInfo(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{Width}x{Height}", "-r", $"{Rate}", "-i", "-", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "8", file])
        {
            RedirectStandardInput = true,
        })!;
        using var junction = new JunctionPicture(JunctionCameras.Of(0, (double)Width / Height), Width, Height, Lighting.Day, 3);
        var simulation = new JunctionSimulation(JunctionSettings.Default with { Seed = 3 });
        var pixels = new byte[Width * Height * 3];
        for (var i = 0; i < Frames; i++)
        {
            simulation.AdvanceTo(TimeSpan.FromSeconds(20 + (i / Rate)));
            junction.Paint(simulation, i, pixels);
            using (var picture = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, pixels)) Draw(picture);
            ffmpeg.StandardInput.BaseStream.Write(pixels);
        }

        ffmpeg.StandardInput.Close();
        ffmpeg.WaitForExit();
        return file;
    }

    /// <summary>Characters of the plate that whoever knows the script reads, 0 to 8.</summary>
    public static int Read(Mat picture) => Enumerable.Range(0, Written.Length).Count(i =>
    {
        using var cell = new Mat(picture, new Rect(s_plate.X + (i * Cell), s_plate.Y, Cell, s_plate.Height));
        using var grey = cell.CvtColor(ColorConversionCodes.BGR2GRAY);
        var seen = Normalized(grey);
        return s_glyphs.Value.MaxBy(g => Likeness(seen, g.Pixels)).Character == Written[i];
    });

    /// <summary>Contrast of the face's stripes, grey levels.</summary>
    public static double Stripes(Mat picture)
    {
        using var face = new Mat(picture, s_face);
        using var grey = face.CvtColor(ColorConversionCodes.BGR2GRAY);
        grey.GetArray(out byte[] pixels);
        // A slope from block to block is none.
        return Enumerable.Range(0, s_face.Height).Average(y => Enumerable.Range((y * s_face.Width) + 4, s_face.Width - 8).Average(at => Math.Abs(pixels[at] - ((pixels[at - 4] + pixels[at + 4]) / 2.0))));
    }

    /// <summary>How far the picture varies within the strip in which the traffic drives, grey levels.</summary>
    public static double Traffic(Mat picture)
    {
        using var road = new Mat(picture, new Rect(0, 60, Width, 220));
        using var grey = road.CvtColor(ColorConversionCodes.BGR2GRAY);
        Cv2.MeanStdDev(grey, out _, out var deviation);
        return deviation.Val0;
    }

    /// <summary>Correlation, -1 to 1.</summary>
    private static double Likeness(double[] one, double[] other)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++) sum += one[i] * other[i];
        return sum;
    }

    private static double[] Glyph(char character)
    {
        using var glyph = new Mat(s_plate.Height, Cell, MatType.CV_8UC1, Scalar.All(235));
        Write(glyph, character, new Point(0, 0), Scalar.All(20));
        return Normalized(glyph);
    }

    /// <summary>Without mean, and of length 1; all 0 of an even picture.</summary>
    private static double[] Normalized(Mat grey)
    {
        grey.GetArray(out byte[] pixels);
        var mean = pixels.Average(p => (double)p);
        var length = Math.Sqrt(pixels.Sum(p => (p - mean) * (p - mean)));
        return [.. pixels.Select(p => length > 0 ? (p - mean) / length : 0)];
    }

    private static void Draw(Mat picture)
    {
        Fill(picture, new Rect((int)Car.X, (int)Car.Y + 110, (int)Car.Width, 200), new Scalar(60, 40, 150));
        Cv2.FillConvexPoly(picture, new Point[] { new(150, 445), new(205, 335), new(445, 335), new(500, 445) }, new Scalar(70, 45, 160), LineTypes.AntiAlias);
        Cv2.FillConvexPoly(picture, new Point[] { new(170, 440), new(218, 350), new(432, 350), new(480, 440) }, new Scalar(70, 60, 50), LineTypes.AntiAlias);
        foreach (var x in new[] { 110, 470 }) Fill(picture, new Rect(x, 470, 70, 40), new Scalar(235, 235, 225));
        Fill(picture, new Rect(215, 480, 220, 50), new Scalar(35, 35, 35));
        foreach (var x in new[] { 105, 455 }) Fill(picture, new Rect(x, 640, 90, 30), new Scalar(20, 20, 20));
        Fill(picture, s_plate, Scalar.All(235));
        for (var i = 0; i < Written.Length; i++) Write(picture, Written[i], new Point(s_plate.X + (i * Cell), s_plate.Y), Scalar.All(20));

        Cv2.Ellipse(picture, new Point(915, 340), new Size(27, 34), 0, 0, 360, new Scalar(150, 180, 225), -1, LineTypes.AntiAlias);
        for (var x = s_face.X; x < s_face.Right; x += 8) Fill(picture, new Rect(x, s_face.Y, 4, s_face.Height), Scalar.All(30));
        Fill(picture, new Rect(870, 374, 90, 130), new Scalar(120, 60, 40));
        Fill(picture, new Rect(880, 504, 32, 125), new Scalar(60, 50, 50));
        Fill(picture, new Rect(918, 504, 32, 125), new Scalar(60, 50, 50));
    }

    private static void Fill(Mat picture, Rect at, Scalar colour) => Cv2.Rectangle(picture, at, colour, -1, LineTypes.AntiAlias);

    private static void Write(Mat picture, char character, Point corner, Scalar colour) =>
        Cv2.PutText(picture, character.ToString(), new Point(corner.X + 1, corner.Y + 30), HersheyFonts.HersheySimplex, 0.9, colour, 2, LineTypes.AntiAlias);
}
