using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>What is damaged in the middle is read to its end, and the damaged seconds are named, the same ones each time.</summary>
public sealed class DamagedFileTests(Clips clips) : IClassFixture<Clips>
{
    private const int Seconds = 12;

    [Theory]
    [InlineData("h264.mp4", "-c:v libx264 -g 25 -movflags +faststart")]
    [InlineData("h264.mkv", "-c:v libx264 -g 25")]
    [InlineData("h264.ts", "-c:v libx264 -g 25")]
    [InlineData("h264.avi", "-c:v libx264 -g 25")]
    [InlineData("mpeg4.avi", "-c:v mpeg4 -g 25 -q:v 4")]
    [InlineData("jpeg.avi", "-c:v mjpeg -q:v 4")]
    [InlineData("jpeg.mkv", "-c:v mjpeg -q:v 4")]
    [InlineData("hevc.ts", "-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=25")]
    public async Task Damage_in_the_middle_is_told_with_its_seconds(string name, string options)
    {
        var whole = clips.Make(
            name, ["-f", "lavfi", "-i", $"testsrc2=s=320x240:r=25:d={Seconds}", "-vf", "noise=alls=8:allf=t", "-pix_fmt", "yuv420p", .. options.Split(' ')]);
        var (frames, faults, damaged) = await ReadAsync(whole);
        Assert.Equal((Seconds * 25, 0, 0), (frames, faults.Count, damaged));

        var file = Damaged(whole, 0.4, 0.6);
        (frames, faults, damaged) = await ReadAsync(file);

        Assert.InRange(frames, (Seconds * 25) - 20, Seconds * 25);
        Assert.Contains(faults, f => f.Kind == VideoFaultKind.Damaged);
        Assert.All(faults, f => Assert.Contains("(ffmpeg: ", f.Reason));
        // At even bytes a second, the damage lies between 4.8 s and 7.2 s; it lasts until the next key frame.
        Assert.InRange(faults[0].From.TotalSeconds, 3.5, 7.5);
        Assert.InRange(faults[^1].To.TotalSeconds, 5, 10);
        Assert.InRange(damaged, 1, 25 * 6);
        Assert.Equal(faults, (await ReadAsync(file)).Faults);
    }

    private static async Task<(int Frames, IReadOnlyList<VideoFault> Faults, int Damaged)> ReadAsync(string file)
    {
        await using var reader = await TestCamera.OpenAsync(file, new FrameFormat(64, 48, 25));
        var (frames, damaged) = (0, 0);
        for (; await reader.ReadAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(60)) is { } frame; frames++)
        {
            if (frame.IsDamaged) damaged++;
            frame.Dispose();
        }

        return (frames, reader.Faults, damaged);
    }

    /// <summary>24 times 64 bytes become others.</summary>
    private string Damaged(string whole, double from, double to)
    {
        var bytes = File.ReadAllBytes(whole);
        var random = new Random(5);
        for (var i = 0; i < 24; i++) random.NextBytes(bytes.AsSpan((int)(bytes.Length * (from + ((to - from) * random.NextDouble()))), 64));
        var file = clips.PathOf($"damaged {Path.GetFileName(whole)}");
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
