using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Masking;
using Xunit;

namespace TrafficFlow.SystemTests.Masking;

public sealed class MaskAnonymizerTests
{
    private const int Width = 97;
    private const int Height = 61;

    public static TheoryData<string, double[][]> Shapes => new()
    {
        { "rectangle", [[0.1, 0.1, 0.6, 0.1, 0.6, 0.7, 0.1, 0.7]] },
        { "whole picture", [[0, 0, 1, 0, 1, 1, 0, 1]] },
        { "top border", [[0, 0, 1, 0, 1, 0.2, 0, 0.2]] },
        { "corner", [[0.8, 0.8, 1, 0.8, 1, 1, 0.8, 1]] },
        { "beyond the picture", [[-0.5, 0.5, 0.5, -0.5, 1.5, 0.5, 0.5, 1.5]] },
        { "triangle", [[0.5, 0.05, 0.93, 0.9, 0.04, 0.71]] },
        { "concave", [[0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.5, 0.2, 0.1, 0.9]] },
        { "comb", [[0.1, 0.9, 0.1, 0.1, 0.2, 0.8, 0.3, 0.1, 0.4, 0.8, 0.5, 0.1, 0.6, 0.8, 0.7, 0.1, 0.7, 0.9]] },
        { "drawn the other way round", [[0.1, 0.7, 0.6, 0.7, 0.6, 0.1, 0.1, 0.1]] },
        { "two that overlap", [[0.1, 0.1, 0.6, 0.1, 0.6, 0.6, 0.1, 0.6], [0.4, 0.4, 0.9, 0.4, 0.9, 0.9, 0.4, 0.9]] },
        { "one inside the other", [[0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.9], [0.4, 0.4, 0.6, 0.4, 0.6, 0.6, 0.4, 0.6]] },
        { "the same twice", [[0.1, 0.1, 0.6, 0.1, 0.6, 0.6, 0.1, 0.6], [0.1, 0.1, 0.6, 0.1, 0.6, 0.6, 0.1, 0.6]] },
        { "sliver", [[0.1, 0.1, 0.9, 0.52, 0.9, 0.55]] },
        { "none", [] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_pixel_whose_centre_is_inside_is_black_and_nothing_far_outside_is_touched(string name, double[][] shapes)
    {
        var masks = shapes.Select(Polygon).ToList();
        var pool = new FramePool(Width * Height * 3, 1);
        using var frame = new MaskAnonymizer(Width, Height, masks).Anonymize(White(pool));
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var pixel = frame.Pixels.Slice(((y * Width) + x) * 3, 3);
                var isBlack = pixel.IndexOfAnyExcept((byte)0) < 0;
                if (masks.Any(m => IsInside(m, x + 0.5, y + 0.5))) Assert.True(isBlack, $"{name}: the pixel {x}, {y} shows through");
                else if (!masks.Any(m => IsNear(m, x + 0.5, y + 0.5, 1.5))) Assert.True(pixel.IndexOfAnyExcept((byte)255) < 0, $"{name}: the pixel {x}, {y} is lost");
            }
        }
    }

    [Fact]
    public void The_pixels_are_moved_and_not_copied()
    {
        var pool = new FramePool(Width * Height * 3, 1);
        var captured = White(pool);
        captured.Index = 7;
        captured.EventTime = DateTimeOffset.UnixEpoch;
        var frame = new MaskAnonymizer(Width, Height, []).Anonymize(captured);

        Assert.Equal((1, 1, 7L, DateTimeOffset.UnixEpoch), (pool.Made, pool.Rented, frame.Index, frame.EventTime));
        Assert.Throws<ObjectDisposedException>(() => captured.Buffer);
        captured.Dispose();
        Assert.Equal(1, pool.Rented);
        frame.Dispose();
        Assert.Equal(0, pool.Rented);
    }

    [Theory]
    [InlineData(Width + 1, Height)]
    [InlineData(Width, Height - 1)]
    [InlineData(Height, Width)]
    public void A_frame_of_another_size_is_refused_and_not_handed_on(int width, int height)
    {
        var pool = new FramePool(width * height * 3, 1);
        using var captured = new CapturedFrame(pool, width, height);

        var error = Assert.Throws<ArgumentException>(() => new MaskAnonymizer(Width, Height, []).Anonymize(captured));

        Assert.Contains($"{width}x{height}", error.Message);
        Assert.Contains($"{Width}x{Height}", error.Message);
    }

    private static CapturedFrame White(FramePool pool)
    {
        var captured = new CapturedFrame(pool, Width, Height);
        Array.Fill(captured.Buffer, (byte)255);
        return captured;
    }

    private static Polygon Polygon(double[] numbers) => new([.. numbers.Chunk(2).Select(pair => new PicturePoint(pair[0], pair[1]))]);

    /// <summary>By winding angle, so that it shares nothing with the code under test.</summary>
    private static bool IsInside(Polygon polygon, double x, double y)
    {
        var turned = 0.0;
        foreach (var (a, b) in Sides(polygon))
        {
            var turn = Math.Atan2(b.Y - y, b.X - x) - Math.Atan2(a.Y - y, a.X - x);
            turned += Math.IEEERemainder(turn, 2 * Math.PI);
        }

        return Math.Abs(turned) > Math.PI && !IsNear(polygon, x, y, 1e-6);
    }

    private static bool IsNear(Polygon polygon, double x, double y, double pixels) => Sides(polygon).Any(side =>
    {
        var (a, b) = side;
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var length = (dx * dx) + (dy * dy);
        var t = length > 0 ? Math.Clamp((((x - a.X) * dx) + ((y - a.Y) * dy)) / length, 0, 1) : 0;
        return Math.Sqrt(Math.Pow(x - a.X - (t * dx), 2) + Math.Pow(y - a.Y - (t * dy), 2)) <= pixels;
    });

    private static IEnumerable<(PicturePoint A, PicturePoint B)> Sides(Polygon polygon)
    {
        for (var i = 0; i < polygon.Points.Count; i++)
        {
            var (a, b) = (polygon.Points[i], polygon.Points[(i + 1) % polygon.Points.Count]);
            yield return (new PicturePoint(a.X * Width, a.Y * Height), new PicturePoint(b.X * Width, b.Y * Height));
        }
    }
}
