using TrafficFlow.Node;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Init;

[Collection(ProcessesCollection.Other)]
public sealed class InitVerbTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SettingsFolder _folder = new();

    private string Node => Path.Combine(_folder.Path, "my node");

    [Fact]
    public async Task A_clip_becomes_a_node_that_its_own_check_takes_with_gates_and_a_picture()
    {
        var clip = SharedFiles.Shared("data/clips/stuttgart.mp4");

        var ended = await InitAsync(Node, "--site", "Straße 1", "--time-zone", "Europe/Berlin", "--camera", $"street={clip}", "--watch", "30");

        Assert.True(ended.Code == ExitCodes.Done, ended.Output + ended.Error);
        Assert.Contains("look at ", ended.Output);
        var settings = NodeSettings.Load(Path.Combine(Node, "node.conf"));
        var site = Assert.Single(settings.Sites).Site;
        Assert.Equal(("Straße 1", "Europe/Berlin"), (site.Name, site.TimeZone.Id));
        var camera = Assert.Single(site.Cameras);
        Assert.Equal(clip, camera.Source);
        Assert.NotEmpty(camera.Gates);
        Assert.All(camera.Gates, g => Assert.NotNull(g.Forward));
        Assert.True(new FileInfo(Path.Combine(Node, "pictures", "street.png")).Length > 10_000);
        Assert.Equal(Path.Combine(Node, "data"), settings.DataDirectory);
        Assert.All(Directory.GetFiles(Node, "*", SearchOption.AllDirectories), f => Assert.Equal(Private, File.GetUnixFileMode(f)));
        Assert.Empty(Drafts);

        var check = await TrafficflowProcess.RunAsync("run", "--check", "--config", Path.Combine(Node, "node.conf"));
        Assert.True(check.Code == ExitCodes.Done, check.Output + check.Error);

        var again = await InitAsync(Node, "--site", "Other", "--no-try", "--camera", "a=rtsp://127.0.0.1/x");
        Assert.Equal(ExitCodes.BadUsage, again.Code);
        Assert.Contains("is not empty, and nothing is overwritten", again.Error);
        Assert.Equal("Straße 1", NodeSettings.Load(Path.Combine(Node, "node.conf")).Sites[0].Site.Name);
    }

    [Fact]
    public async Task A_password_stands_in_a_file_of_its_own_and_nowhere_else()
    {
        const string Address = "rtsp://viewer:s3cret@192.0.2.1/axis-media/media.amp";

        var ended = await InitAsync(Node, "--site", "鋼管通り", "--no-try", "--camera", $"gate={Address}", "--camera", "rtsp://192.0.2.2/open");

        Assert.True(ended.Code == ExitCodes.Done, ended.Output + ended.Error);
        var site = NodeSettings.Load(Path.Combine(Node, "node.conf")).Sites[0].Site;
        Assert.Equal(("my-node", "鋼管通り"), (site.Id.Value, site.Name));
        Assert.Equal([("gate", Address), ("cam1", "rtsp://192.0.2.2/open")], site.Cameras.Select(c => (c.Id.Value, c.Source)));
        var holders = Directory.GetFiles(Node, "*", SearchOption.AllDirectories).Where(f => File.ReadAllText(f).Contains("s3cret", StringComparison.Ordinal));
        Assert.Equal(Path.Combine(Node, "secrets", "gate.conf"), Assert.Single(holders));
        Assert.DoesNotContain("s3cret", ended.Output + ended.Error);
    }

    [Fact]
    public async Task Detectors_of_other_settings_a_folder_to_replay_and_a_camera_named_as_a_word_of_the_language_come_along()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "tracks"));
        _folder.Write("own.conf", "trafficflow { detectors { night { type = in-box, threshold = 0.31, looks-per-second = 4 } }, default-detector = night }");
        var command = TrafficflowProcess.Command("init", Node, "--site", "X", "--no-try", "--config", "own.conf", "--camera", "include=rtsp://192.0.2.1/x", "--camera", "old=replay:tracks?speed=10");
        (command.WorkingDirectory, command.RedirectStandardInput) = (_folder.Path, true);
        await using var process = TrafficflowProcess.Start(command);

        var ended = await process.WaitAsync(TimeSpan.FromMinutes(4));

        Assert.True(ended.Code == ExitCodes.Done, ended.Output + ended.Error);
        var settings = NodeSettings.Load(Path.Combine(Node, "node.conf"));
        Assert.Equal([("include", "rtsp://192.0.2.1/x"), ("old", $"replay:{Path.Combine(_folder.Path, "tracks")}?speed=10")], settings.Sites[0].Site.Cameras.Select(c => (c.Id.Value, c.Source)));
        var night = settings.Sites[0].Detectors.Resolve("default");
        Assert.Equal(("night", 0.31f, 4.0), (night.Name, night.Model?.Threshold, night.Throttle?.LooksPerSecond));
        Assert.DoesNotContain("vehicles", await File.ReadAllTextAsync(Path.Combine(Node, "node.conf")));
    }

    [Fact]
    public async Task A_camera_that_does_not_answer_leaves_nothing_and_is_told_without_its_password()
    {
        var ended = await InitAsync(Node, "--site", "X", "--camera", "a=rtsp://u:s3cret@127.0.0.1:9/x");

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("a: rtsp://***@127.0.0.1:9/x: refused: nothing listens there", ended.Error);
        Assert.DoesNotContain("s3cret", ended.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Interrupted_while_it_watches_it_leaves_nothing()
    {
        await using var process = TrafficflowProcess.Start("init", Node, "--site", "X", "--camera", "a=synthetic:view?view=42&seconds=600", "--watch", "600");
        await process.UntilAsync(() => Drafts.Any(d => Directory.Exists(Path.Combine(d, "pictures"))), TimeSpan.FromMinutes(2), "it watches the camera");

        process.Interrupt();
        var ended = await process.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("there is no terminal to ask on", "--camera", "a=rtsp://127.0.0.1/x")]
    [InlineData("did you mean Europe/Berlin?", "--site", "X", "--time-zone", "Europe/Brelin", "--camera", "a=rtsp://127.0.0.1/x")]
    [InlineData("\"A b\" is no name of a camera", "--site", "X", "--camera", "A b=rtsp://127.0.0.1/x")]
    [InlineData("rtsps://127.0.0.1/x cannot be opened", "--site", "X", "--camera", "a=rtsps://127.0.0.1/x")]
    [InlineData("there is a camera a already", "--site", "X", "--camera", "a=rtsp://127.0.0.1/x", "--camera", "a=rtsp://127.0.0.1/y")]
    public async Task What_cannot_be_is_refused_before_anything_is_made(string told, params string[] options)
    {
        var ended = await InitAsync([Node, .. options]);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains(told, ended.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task On_a_terminal_it_asks_and_tries_each_address_at_once()
    {
        await using var terminal = Terminal.Start(_folder.Path, "init", "asked", "--watch", "10");

        await terminal.AnswerAsync("Name of the place", "Our street");
        await terminal.AnswerAsync("Its time zone", "Europe/Brelin");
        await terminal.SayAsync("did you mean Europe/Berlin?");
        await terminal.AnswerAsync("Its time zone", "Europe/Berlin");
        await terminal.AnswerAsync("Address of the first camera", "rtsp://127.0.0.1:9/x");
        await terminal.SayAsync("nothing listens there");
        await terminal.AnswerAsync("Address of the first camera", "east=synthetic:view?view=42&seconds=20");
        await terminal.SayAsync("a picture after");
        await terminal.AnswerAsync("Address of the next one", "");

        await terminal.SayAsync("Run:");
        Assert.Equal(ExitCodes.Done, await terminal.WaitAsync());
        var site = NodeSettings.Load(Path.Combine(_folder.Path, "asked", "node.conf")).Sites[0].Site;
        Assert.Equal(("our-street", "Europe/Berlin", "east"), (site.Id.Value, site.TimeZone.Id, Assert.Single(site.Cameras).Id.Value));
    }

    private IEnumerable<string> Drafts => Directory.GetDirectories(_folder.Path, "*.part");

    private static async Task<Ended> InitAsync(params IReadOnlyList<string> args)
    {
        var command = TrafficflowProcess.Command(["init", .. args]);
        command.RedirectStandardInput = true;
        await using var process = TrafficflowProcess.Start(command);
        return await process.WaitAsync(TimeSpan.FromMinutes(4));
    }

    public void Dispose() => _folder.Dispose();
}
