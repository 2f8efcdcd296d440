using System.Buffers.Binary;
using System.IO.Compression;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using TrafficFlow.Vision.Masking;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg.Hostile;

/// <summary>Files that are called videos and are made to read others, or to use the machine up: refused, and it is said what to do.</summary>
public sealed class HostileFileTests(Clips clips) : IClassFixture<Clips>
{
    private static readonly FrameFormat s_format = new(64, 48, 25);

    [Theory]
    [InlineData("hls.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nSECRET\n#EXT-X-ENDLIST\n")]
    [InlineData("hls.ts", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:SECRET\n#EXT-X-ENDLIST\n")]
    [InlineData("playlist.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nSECRET\n#EXT-X-ENDLIST\n")]
    [InlineData("concat.mp4", "ffconcat version 1.0\nfile 'SECRET'\n")]
    [InlineData("concat.mkv", "ffconcat version 1.0\nfile SECRET\n")]
    [InlineData("dash.mp4", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\" type=\"static\"><Period><AdaptationSet><Representation><BaseURL>SECRET</BaseURL></Representation></AdaptationSet></Period></MPD>")]
    [InlineData("session.mp4", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n")]
    public async Task A_playlist_reads_no_other_file(string name, string text)
    {
        var secret = clips.Moving("secret.ts", 4, size: "64x48");
        var playlist = Write(name, System.Text.Encoding.UTF8.GetBytes(text.Replace("SECRET", Path.GetFileName(secret), StringComparison.Ordinal)));

        var failure = await FailureOf(playlist);

        Assert.Equal(FrameSourceFailure.NotAVideo, failure.Failure);
        Assert.StartsWith($"{playlist}: not a video: a playlist", failure.Message);
        Assert.Contains("Name the recordings themselves", failure.Message);
        Assert.DoesNotContain("whitelist", failure.Message);
    }

    [Fact]
    public async Task A_name_that_looks_like_numbered_pictures_opens_no_other_file()
    {
        clips.Make("p1.png", "-f", "lavfi", "-i", "color=red:s=64x48", "-frames:v", "1");
        var failure = await FailureOf(Write("p%d.png", "nothing"u8));
        Assert.Contains(failure.Failure, new[] { FrameSourceFailure.NotAVideo, FrameSourceFailure.NotFound });
        Assert.Equal(0, failure.FramesRead);
    }

    [Theory]
    [InlineData("bomb.avi", "-c:v mjpeg -pix_fmt yuvj420p")]
    [InlineData("bomb.mp4", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p")]
    [InlineData("bomb.mkv", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p")]
    public async Task A_picture_larger_than_any_camera_gives_is_refused_before_there_is_memory_for_it(string name, string options)
    {
        var bomb = clips.Make(name, ["-f", "lavfi", "-i", "color=s=16000x16000:r=1:d=1", "-frames:v", "1", .. options.Split(' ')]);

        var failure = await FailureOf(bomb);

        Assert.Equal(FrameSourceFailure.Unsupported, failure.Failure);
        Assert.StartsWith($"{bomb}: not supported: its pictures are larger than 8192x4320", failure.Message);
        Assert.Contains("record a smaller one", failure.Message);
    }

    [Fact]
    public async Task Pictures_that_grow_on_the_way_are_told_as_damage()
    {
        var small = clips.Moving("small.h264", 1, size: "64x48");
        var bomb = clips.Make("bomb.h264", "-f", "lavfi", "-i", "color=s=16000x16000:r=1:d=1", "-frames:v", "1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p");
        var joined = Write("grows.h264", [.. File.ReadAllBytes(small), .. File.ReadAllBytes(bomb)]);
        await using var reader = await TestCamera.OpenAsync(joined, s_format);
        var (frames, said) = (0, "");
        try
        {
            for (; await reader.ReadAsync(default) is { } frame; frames++) frame.Dispose();
        }
        catch (FrameSourceException e)
        {
            said = e.Message;
        }

        said += string.Join(' ', reader.Faults);
        Assert.InRange(frames, 10, 26);
        Assert.True(said.Length > 0, "read as if nothing were wrong with it");
    }

    [Fact]
    public async Task A_header_that_unpacks_to_more_than_the_bound_is_refused()
    {
        var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 600; i++) zip.Write(zeros);
        }

        // moov { cmov { dcom zlib, cmvd LENGTH DATA } }: a header that QuickTime may hold compressed.
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, 600u << 20);
        byte[] header = Box("moov", Box("cmov", [.. Box("dcom", "zlib"u8), .. Box("cmvd", [.. length, .. packed.ToArray()])]));

        var bomb = Write("packed.mov", [.. Box("ftyp", "qt  \0\0\0\0qt  "u8), .. header]);
        var failure = await FailureOf(bomb);

        Assert.Equal(FrameSourceFailure.Unsupported, failure.Failure);
        Assert.Contains("asks for more memory than any recording needs", failure.Message);
    }

    [Fact]
    public async Task What_is_no_file_is_not_read_as_one()
    {
        var link = clips.PathOf("endless.mp4");
        File.CreateSymbolicLink(link, "/dev/zero");
        foreach (var path in new[] { "/dev/zero", link })
        {
            var failure = await FailureOf(path);
            Assert.Equal(FrameSourceFailure.NotAVideo, failure.Failure);
            Assert.StartsWith($"{path}: not a video: a device or a pipe, not a file: record it to a file first", $"{path}: not a video: {failure.Message[(path.Length + 2)..]}");
        }
    }

    [Fact]
    public async Task A_link_that_the_operator_names_is_read()
    {
        var link = clips.PathOf("link.mp4");
        File.CreateSymbolicLink(link, clips.Moving("linked.mp4", 1, size: "64x48"));
        await using var reader = await TestCamera.OpenAsync(link, s_format);
        (await reader.NextAsync()).Dispose();
    }

    [Fact]
    public async Task A_file_that_keeps_ffmpeg_busy_without_a_picture_is_given_up()
    {
        var file = clips.Moving("busy.mp4", 1, size: "64x48");
        var program = Write("busy", "#!/bin/sh\nexec sleep 60\n"u8);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var timeouts = TestCamera.Impatient with { FileFrame = TimeSpan.FromSeconds(0.4) };
        await using var reader = new FfmpegFrameReader(
            VideoSource.Parse(file), s_format, new MaskAnonymizer(64, 48, []), default, await VideoFile.ProbeAsync(file), timeouts, TimeProvider.System, program, Sandbox.None);

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Silent, failure.Failure);
        Assert.Contains("made to keep ffmpeg busy", failure.Message);
    }

    private static byte[] Box(string type, ReadOnlySpan<byte> content)
    {
        var box = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        System.Text.Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        content.CopyTo(box.AsSpan(8));
        return box;
    }

    private static async Task<FrameSourceException> FailureOf(string file)
    {
        FfmpegFrameReader reader;
        try
        {
            reader = await TestCamera.OpenAsync(file, s_format);
        }
        catch (FrameSourceException e)
        {
            return e;
        }

        await using (reader) return await reader.FailureAsync();
    }

    private string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var file = clips.PathOf(name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
