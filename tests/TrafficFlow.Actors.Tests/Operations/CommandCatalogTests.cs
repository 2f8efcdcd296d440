using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Actors.Tests.Operations;

public sealed class CommandCatalogTests
{
    public static TheoryData<string, OperatorCommand, CommandTarget> Meant => new()
    {
        { "actor hierarchy", new ShowHierarchy(false), CommandTarget.Each },
        { "actor hierarchy --system", new ShowHierarchy(true), CommandTarget.Each },
        { "actor children /user/cameras", new ShowChildren("/user/cameras"), CommandTarget.Each },
        { "actor show /user/cameras", new ShowActor("/user/cameras"), CommandTarget.Each },
        { "actor mailboxes", new ShowMailboxes(null), CommandTarget.Each },
        { "actor mailboxes 5", new ShowMailboxes(5), CommandTarget.Each },
        { "dispatcher list", ShowDispatchers.Instance, CommandTarget.Each },
        { "cluster shards", ShowShards.Instance, CommandTarget.Cluster },
        { "cluster show", ShowCluster.Instance, CommandTarget.Cluster },
        { "cluster leave", new LeaveCluster(null), CommandTarget.Cluster },
        { "cluster leave server:4053", new LeaveCluster("server:4053"), CommandTarget.Cluster },
        { "cluster down server:4053", new DownMember("server:4053"), CommandTarget.Cluster },
        { "camera list", ListCameras.Instance, CommandTarget.Roadside },
        { "camera show cam1", new ShowCamera(new CameraId("cam1")), CommandTarget.Roadside },
        { "camera restart cam1", new RestartOneCamera(new CameraId("cam1")), CommandTarget.Roadside },
        { "camera accept-scene cam1", new AcceptOneScene(new CameraId("cam1")), CommandTarget.Roadside },
        { "outbox show", new ShowOutboxes(null), CommandTarget.Roadside },
        { "outbox show cam1", new ShowOutboxes(new CameraId("cam1")), CommandTarget.Roadside },
        { "approach show", new ShowApproaches(null), CommandTarget.Cluster },
        { "approach show kokandori/north", new ShowApproaches("kokandori/north"), CommandTarget.Cluster },
        { "approach repair kokandori/north", new RepairApproach("kokandori/north", null), CommandTarget.Cluster },
        { "approach repair kokandori/north/cam1 7/9", new RepairApproach("kokandori/north/cam1", "7/9"), CommandTarget.Cluster },
        { "quarantine show", new ShowQuarantine(null), CommandTarget.Cluster },
        { "quarantine show kokandori/north", new ShowQuarantine("kokandori/north"), CommandTarget.Cluster },
        { "quarantine redate kokandori/north/cam1/7", new DecideQuarantine("kokandori/north/cam1/7", QuarantineDecision.Redate, null), CommandTarget.Cluster },
        { "quarantine redate kokandori/north/cam1/7 -2h", new DecideQuarantine("kokandori/north/cam1/7", QuarantineDecision.Redate, "-2h"), CommandTarget.Cluster },
        { "quarantine release kokandori/north/cam1/7", new DecideQuarantine("kokandori/north/cam1/7", QuarantineDecision.Release, null), CommandTarget.Cluster },
        { "quarantine discard kokandori/north/cam1/7", new DecideQuarantine("kokandori/north/cam1/7", QuarantineDecision.Discard, null), CommandTarget.Cluster },
        { "health show", new ShowHealth(null), CommandTarget.Cluster },
        { "health show kokandori", new ShowHealth(new SiteId("kokandori")), CommandTarget.Cluster },
        { "audit show", new ShowAudit(null), CommandTarget.Audit },
        { "audit show 20", new ShowAudit(20), CommandTarget.Audit },
        { "config show", new ShowConfig(null), CommandTarget.Process },
        { "config show node.remoting", new ShowConfig("node.remoting"), CommandTarget.Process },
        { "log show", ShowLog.Instance, CommandTarget.Process },
        { "log level cameras debug", new SetLogLevel("cameras", "debug"), CommandTarget.Process },
        { "site reload", ReloadSites.Instance, CommandTarget.Process },
        { "outbox peek cam1", new PeekIntoOutbox(new CameraId("cam1"), 5), CommandTarget.Roadside },
        { "outbox peek cam1 20", new PeekIntoOutbox(new CameraId("cam1"), 20), CommandTarget.Roadside },
        { "vehicle why cam1/5/123", new ExplainCount(new EntryId(new CameraId("cam1"), new LogPosition(5, 123))), CommandTarget.Roadside },
        { "bin show a/north 2026-11-28T07:00", new ShowBin("a/north", "2026-11-28T07:00", BinDuration.QuarterHour), CommandTarget.Cluster },
        { "bin show a/north 07:00 1h", new ShowBin("a/north", "07:00", BinDuration.Hour), CommandTarget.Cluster },
    };

    [Theory]
    [MemberData(nameof(Meant))]
    public void Words_become_the_message_and_who_answers_it(string words, OperatorCommand command, CommandTarget target)
    {
        Assert.Equal(new CatalogReading(command, target, ""), CommandCatalog.Read(words.Split(' ')));
    }

    [Fact]
    public void The_table_above_leaves_out_no_command()
    {
        var tested = Meant.Select(m => string.Join(' ', ((string)m.Data.Item1).Split(' ').Take(2))).Distinct();

        Assert.Equal(CommandCatalog.Commands.Select(c => c.Verb).Order(), tested.Order());
    }

    [Theory]
    [InlineData("", "say what to do: actor, cluster, camera, outbox, approach, quarantine, health, audit, config, log, dispatcher, site")]
    [InlineData("cameras", "\"cameras\" is nothing to inspect: actor, cluster, camera")]
    [InlineData("camera", "say what to do with camera: camera list, camera show ID, camera restart ID, camera accept-scene ID")]
    [InlineData("camera stop cam1", "\"stop\" cannot be done with camera: camera list")]
    [InlineData("camera show", "camera show needs ID: write camera show ID")]
    [InlineData("camera list cam1", "\"cam1\" is too much: write camera list")]
    [InlineData("camera show --all", "camera show needs ID")]
    [InlineData("actor hierarchy --sistem", "\"--sistem\" is too much: write actor hierarchy [--system]")]
    [InlineData("cluster down", "cluster down needs ADDRESS")]
    [InlineData("actor mailboxes all", "\"all\" is no number: write actor mailboxes 20")]
    [InlineData("audit show many", "\"many\" is no number: write audit show 20")]
    [InlineData("why", "vehicle why needs ID: write vehicle why ID")]
    [InlineData("why cam1/5", "\"cam1/5\" is no id of a vehicle: write CAMERA/EPOCH/SEQUENCE")]
    [InlineData("vehicle why Cam1/5/6", "\"Cam1/5/6\" is no id of a vehicle")]
    [InlineData("outbox peek cam1 0", "\"0\" is no number from 1 to 500")]
    [InlineData("bin show a/north 07:00 10m", "\"10m\" is no length of a bin: write 1m, 5m, 15m or 1h")]
    public void Words_that_mean_nothing_are_answered_with_what_can_be_meant(string words, string told)
    {
        var reading = CommandCatalog.Read(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Null(reading.Command);
        Assert.StartsWith(told, reading.Problem);
    }

    [Fact]
    public void Why_alone_means_the_vehicle() => Assert.Equal(CommandCatalog.Read(["vehicle", "why", "cam1/5/123"]), CommandCatalog.Read(["why", "cam1/5/123"]));

    [Theory]
    [InlineData("cluster leave", true)]
    [InlineData("cluster down a:1", true)]
    [InlineData("camera restart cam1", true)]
    [InlineData("camera accept-scene cam1", true)]
    [InlineData("site reload", true)]
    [InlineData("camera list", false)]
    [InlineData("audit show", false)]
    [InlineData("config show", false)]
    public void What_changes_something_is_told_from_what_only_looks(string words, bool changes) =>
        Assert.Equal(changes, CommandCatalog.Read(words.Split(' ')).Command!.Changes);

    [Fact]
    public void Words_that_are_no_text_are_refused()
    {
        Assert.NotEmpty(CommandCatalog.Read(["camera", "show", ""]).Problem);
        Assert.NotEmpty(CommandCatalog.Read(["camera", "show", "cam\u0001"]).Problem);
        Assert.NotEmpty(CommandCatalog.Read(["camera", "show", new string('c', 500)]).Problem);
    }

    [Fact]
    public void Every_command_has_a_verb_of_two_words_of_its_own_and_a_sentence_of_help()
    {
        Assert.Equal(CommandCatalog.Commands.Count, CommandCatalog.Commands.Select(c => c.Verb).Distinct().Count());
        Assert.All(CommandCatalog.Commands, c => Assert.Equal(2, c.Verb.Split(' ').Length));
        Assert.All(CommandCatalog.Commands, c => Assert.EndsWith(".", c.Help));
        // A line of help fits into 80 columns.
        var usage = CommandCatalog.Commands.Max(c => c.Usage.Length);
        Assert.All(CommandCatalog.Commands, c => Assert.InRange(4 + usage + c.Help.Length, 40, 80));
    }
}
