using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>What is no video, or only a part of one, is told as such: never a silent success.</summary>
public sealed class BadFileTests(Clips clips) : IClassFixture<Clips>
{
    private static readonly FrameFormat s_format = new(64, 48, 25);

    [Fact]
    public async Task A_file_that_does_not_exist_is_not_found() =>
        await Refused(clips.PathOf("none.mp4"), FrameSourceFailure.NotFound, "no such file");

    [Fact]
    public async Task A_folder_is_not_a_video()
    {
        var folder = Directory.CreateDirectory(clips.PathOf("folder.mp4")).FullName;
        await Refused(folder, FrameSourceFailure.NotAVideo, "a folder, not a video");
    }

    [Fact]
    public async Task An_empty_file_is_empty() => await Refused(Write("empty.mp4", []), FrameSourceFailure.Empty, "the file is empty");

    [Fact]
    public async Task A_text_file_is_not_a_video() =>
        await Refused(Write("text.mp4", "id,name\n1,Kawasaki\n"u8), FrameSourceFailure.NotAVideo, "check what the file is");

    [Fact]
    public async Task A_file_with_sound_only_is_not_a_video() =>
        await Refused(clips.Make("sound.mp4", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"), FrameSourceFailure.NotAVideo, "there is no video stream in it");

    [Fact]
    public async Task A_video_without_a_single_frame_is_empty()
    {
        var file = clips.Make("no frames.mp4", "-f", "lavfi", "-i", "color=s=64x48:d=1", "-frames:v", "0", "-c:v", "mpeg4", "-f", "mp4");
        var failure = await FailureOf(file);
        Assert.Contains(failure.Failure, new[] { FrameSourceFailure.Empty, FrameSourceFailure.NotAVideo });
        Assert.Equal(0, failure.FramesRead);
    }

    [Fact]
    public async Task A_recording_that_was_never_closed_is_truncated()
    {
        var whole = clips.Moving("index at the end.mp4", 4);
        var failure = await FailureOf(Cut(whole, 0.7));

        Assert.Equal(FrameSourceFailure.Truncated, failure.Failure);
        Assert.Contains("moov atom not found", failure.Message);
        Assert.Contains("copy it again", failure.Message);
    }

    [Theory]
    [InlineData("first.mp4", "-movflags +faststart", 0.5)]
    [InlineData("first.mp4", "-movflags +faststart", 0.97)]
    [InlineData("fragments.mp4", "-movflags frag_keyframe+empty_moov", 0.5)]
    [InlineData("clip.mkv", "", 0.5)]
    [InlineData("clip.mkv", "", 0.97)]
    [InlineData("clip.ts", "", 0.5)]
    [InlineData("clip.ts", "", 0.97)]
    [InlineData("clip.avi", "", 0.5)]
    [InlineData("clip.avi", "", 0.97)]
    public async Task A_file_that_was_cut_ends_with_an_error_that_names_the_frame(string name, string options, double share)
    {
        var whole = clips.Moving(name, 4, more: options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var reader = await TestCamera.OpenAsync(Cut(whole, share), s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Truncated, failure.Failure);
        Assert.InRange(failure.FramesRead, 100 * share * 0.7, 100 * share * 1.2);
        Assert.Contains($"after frame {failure.FramesRead}", failure.Message);
        Assert.Contains("copy ", failure.Message);
        await reader.DisposeAsync();
        Assert.Equal(0, reader.RentedBuffers);
    }

    [Theory]
    [InlineData("whole.mp4", "")]
    [InlineData("whole.mkv", "")]
    [InlineData("whole.ts", "")]
    [InlineData("whole.avi", "")]
    public async Task The_same_file_uncut_ends_well(string name, string options)
    {
        await using var reader = await TestCamera.OpenAsync(clips.Moving(name, 4, more: options.Split(' ', StringSplitOptions.RemoveEmptyEntries)), s_format);
        var frames = 0;
        for (; await reader.ReadAsync(default) is { } frame; frames++) frame.Dispose();
        Assert.Equal(100, frames);
    }

    [Fact]
    public void A_program_that_is_not_installed_is_named_with_its_package()
    {
        var failure = Assert.Throws<FrameSourceException>(() => FfmpegProcess.StartProgram("ffmpeg-that-is-not-installed", [], Reach.Nothing));

        Assert.Equal(FrameSourceFailure.Unsupported, failure.Failure);
        Assert.Contains("ffmpeg-that-is-not-installed cannot be started", failure.Message);
        Assert.Contains("install Debian's package ffmpeg", failure.Message);
    }

    private static async Task Refused(string file, FrameSourceFailure expected, string says)
    {
        var failure = await FailureOf(file);
        Assert.Equal(expected, failure.Failure);
        Assert.Contains(says, failure.Message);
        Assert.StartsWith($"{file}: ", failure.Message);
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

    private string Cut(string whole, double share)
    {
        var bytes = File.ReadAllBytes(whole).AsSpan();
        var length = (int)(bytes.Length * share);
        // Not by chance at the end of a packet: nothing would tell such a file from a whole one.
        if (length % 188 == 0) length--;
        return Write($"cut {share} {Path.GetFileName(whole)}", bytes[..length]);
    }

    private string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var file = clips.PathOf(name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
