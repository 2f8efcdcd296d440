using TrafficFlow.Node;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

public sealed class VideoFilesTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public VideoFilesTests()
    {
        foreach (var name in new[] { "part10.mp4", "part9.MP4", "notes.txt", "part2.ts" }) _folder.Write(name, "x");
    }

    [Fact]
    public void A_folder_is_its_videos_in_natural_order() => Assert.Equal(["part2.ts", "part9.MP4", "part10.mp4"], Names(_folder.Path));

    [Fact]
    public void A_pattern_that_no_shell_resolved_is_resolved() => Assert.Equal(["part2.ts", "part10.mp4"], Names(In("part*.mp4"), In("part2*")));

    [Fact]
    public void A_file_that_is_named_twice_is_counted_once() => Assert.Equal(["part2.ts", "part10.mp4"], Names(In("part10.mp4"), In("part2.ts"), In("./part10.mp4")));

    [Fact]
    public void A_file_that_is_not_there_is_told_by_the_count_and_not_here() => Assert.Equal(["none.mp4"], Names(In("none.mp4")));

    [Theory]
    [InlineData("none*.mp4", "holds no video")]
    [InlineData("no folder/*.mp4", "there is no folder")]
    public void A_pattern_without_a_video_is_refused(string pattern, string told) =>
        Assert.Contains(told, Assert.Throws<UsageException>(() => Names(In(pattern))).Message);

    [Fact]
    public void A_link_that_leads_out_of_a_folder_of_recordings_is_refused_unless_it_is_named()
    {
        using var elsewhere = new SettingsFolder();
        File.CreateSymbolicLink(In("part3.mp4"), elsewhere.Write("private.mp4", "x"));
        File.CreateSymbolicLink(In("part4.mp4"), "part10.mp4");
        foreach (var given in new[] { _folder.Path, In("part*.mp4") })
        {
            var refused = Assert.Throws<UsageException>(() => Names(given)).Message;
            Assert.Contains("part3.mp4 is a link that leads out of its folder", refused);
            Assert.Contains("name the file itself if it is meant", refused);
        }

        Assert.Equal(["part3.mp4"], Names(In("part3.mp4")));
        File.Delete(In("part3.mp4"));
        Assert.Equal(["part4.mp4", "part10.mp4"], Names(In("part*.mp4")));
    }

    [Theory]
    [InlineData("is a camera and has no end", "rtsp://user:secret@host/1")]
    [InlineData("seconds=60", "synthetic:north")]
    [InlineData("there is no option --sitee", "a.mp4", "--sitee")]
    [InlineData("together with other videos", "synthetic:north?seconds=3", "a.mp4")]
    public void What_is_no_recording_is_refused(string told, params string[] videos)
    {
        var refused = Assert.Throws<UsageException>(() => VideoFiles.Expand(videos)).Message;

        Assert.Contains(told, refused);
        Assert.DoesNotContain("secret", refused);
    }

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Combine(_folder.Path, name);

    private static IEnumerable<string> Names(params string[] given) => VideoFiles.Expand(given).Select(f => Path.GetFileName(f));
}
