using System.Diagnostics;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>
/// A street with a moving box, of which every fiftieth picture is one of random bytes, and whose upper right corner is random in every picture. Lossless: every byte reaches the reader as it was made, so that no
/// row of it can be anywhere by chance.
/// </summary>
internal sealed class CanaryClip
{
    public const int Width = 320;
    public const int Height = 240;
    public const int FrameBytes = Width * Height * 3;
    public const int Frames = 250;

    /// <summary>The corner that no picture is without, in pixels.</summary>
    public const int CornerWidth = 80;

    public const int CornerHeight = 60;

    private readonly byte[] _marked = new byte[FrameBytes];
    private readonly bool _hasCorner;

    public CanaryClip(int seed, bool hasCorner)
    {
        new Random(seed).NextBytes(_marked);
        _hasCorner = hasCorner;
    }

    /// <summary>Of the picture that is random as a whole.</summary>
    public IEnumerable<byte[]> Rows() => Enumerable.Range(0, Height).Select(y => _marked.AsSpan(y * Width * 3, Width * 3).ToArray());

    /// <summary>The same bytes as the picture's, so that rows of it are in every picture.</summary>
    public IEnumerable<byte[]> CornerRows() => Enumerable.Range(0, CornerHeight).Select(y => _marked.AsSpan(CornerAt(y), CornerWidth * 3).ToArray());

    /// <summary>Some bytes of the picture, as they stand in it.</summary>
    public byte[] Part(int at, int length) => _marked.AsSpan(at, length).ToArray();

    public async Task WriteAsync(string file)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo(
            "ffmpeg",
            ["-v", "error", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{Width}x{Height}", "-r", "25", "-i", "-", "-c:v", "ffv1", "-pix_fmt", "bgr0", file])
        {
            RedirectStandardInput = true,
        })!;
        var street = new byte[FrameBytes];
        for (var i = 0; i < Frames; i++)
        {
            Paint(street, i);
            await ffmpeg.StandardInput.BaseStream.WriteAsync(i % 50 == 49 ? _marked : street);
        }

        ffmpeg.StandardInput.Close();
        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    /// <summary>Without this the canary could be dead before the mine: what is marked must get into the process as it is.</summary>
    /// <param name="rows">Those that have to be seen.</param>
    public static async Task AssertSeenAsync(string siteFile, MarkedRows rows, int least)
    {
        var camera = SiteSettings.Load(siteFile).Site.Cameras[0] with { Masks = [] };
        var factory = new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegTimeouts.Default, TimeProvider.System);
        await using var reader = await factory.OpenAsync(camera, CancellationToken.None);
        var seen = 0;
        while (await reader.ReadAsync(CancellationToken.None) is { } frame)
        {
            using (frame)
            {
                if (rows.IsIn(frame.Pixels)) seen++;
            }
        }

        Assert.True(seen >= least, $"what is marked reached the reader unchanged in {seen} pictures");
    }

    private static int CornerAt(int y) => ((y * Width) + Width - CornerWidth) * 3;

    private void Paint(byte[] picture, int i)
    {
        Array.Fill(picture, (byte)96);
        var left = i * 4 % (Width - 50);
        for (var y = 120; y < 150; y++) picture.AsSpan(((y * Width) + left) * 3, 50 * 3).Fill(220);
        if (!_hasCorner) return;
        for (var y = 0; y < CornerHeight; y++) _marked.AsSpan(CornerAt(y), CornerWidth * 3).CopyTo(picture.AsSpan(CornerAt(y)));
    }
}
