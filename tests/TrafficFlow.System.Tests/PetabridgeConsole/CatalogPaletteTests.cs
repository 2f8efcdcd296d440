using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;
using TrafficFlow.Node.PetabridgeConsole;
using TrafficFlow.Wire.Operations;
using Xunit;

namespace TrafficFlow.SystemTests.PetabridgeConsole;

/// <summary>The adapter from the catalog to Petabridge.Cmd, against the stub of that library's shapes.</summary>
public sealed class CatalogPaletteTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<string> _asked = [];
    private ActorSystem _system = null!;
    private IActorRef _handler = null!;

    public ValueTask InitializeAsync()
    {
        _system = ActorSystem.Create("console");
        _handler = _system.ActorOf(new CatalogCommands(Answer).HandlerProps, "handler");
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void The_palette_has_every_command_of_the_catalog_with_its_arguments_as_switches()
    {
        Assert.Equal("trafficflow", CatalogPalette.Palette.Name);
        Assert.Equal(CommandCatalog.Commands.Select(c => c.Verb.Replace(' ', '-')), CatalogPalette.Palette.Commands.Select(c => c.Name));
        Assert.Equal(CommandCatalog.Commands.Select(c => c.Help), CatalogPalette.Palette.Commands.Select(c => c.Description));
        var show = CatalogPalette.Palette.Commands.Single(c => c.Name == "camera-show").ArgumentsByName["id"];
        Assert.True(show.IsMandatory);
        Assert.Equal(["--id"], show.Switch);
        Assert.False(CatalogPalette.Palette.Commands.Single(c => c.Name == "approach-show").ArgumentsByName["site-approach"].IsMandatory);
    }

    [Theory]
    [InlineData("camera show cam1", "camera-show", "--id", "cam1")]
    [InlineData("actor show /user/cameras", "actor-show", "--path", "/user/cameras")]
    [InlineData("actor hierarchy --system", "actor-hierarchy", "--system", "true")]
    [InlineData("actor hierarchy", "actor-hierarchy", "--system", "false")]
    [InlineData("approach show live/north", "approach-show", "--site-approach", "live/north")]
    public async Task A_command_of_the_console_is_the_words_of_the_catalog(string words, string name, string option, string value)
    {
        var response = await AskAsync(name, (option, value));

        Assert.Equal([words], _asked);
        Assert.True(response.Final);
        Assert.IsNotType<ErroredCommandResponse>(response);
        Assert.Contains("cam1", response.Msg, StringComparison.Ordinal);
        Assert.Contains("streaming", response.Msg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_node_is_an_error_of_the_console_with_what_to_do()
    {
        var response = Assert.IsType<ErroredCommandResponse>(await AskAsync("camera-show", ("--id", "cam9")));

        Assert.Equal("there is no camera cam9: this node has cam1", response.Msg);
    }

    [Theory]
    [InlineData("camera show needs ID", "camera-show", "--nonsense", "cam1")]
    [InlineData("camera restart changes something, and this console knows no accounts: use trafficflow ctl camera restart cam1", "camera-restart", "--id", "cam1")]
    [InlineData("trafficflow has no command nonsense", "nonsense", "--id", "cam1")]
    public async Task What_means_nothing_or_changes_something_asks_nobody(string told, string name, string option, string value)
    {
        var response = Assert.IsType<ErroredCommandResponse>(await AskAsync(name, (option, value)));

        Assert.Contains(told, response.Msg, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task The_library_is_given_the_palette()
    {
        Assert.True(PetabridgeCmd.Get(_system).RegisterCommandPalette(new CatalogCommands(Answer)));

        var registered = await _system.ActorSelection("/system/cmd-trafficflow").ResolveOne(Patience);
        Assert.Contains("cam1", (await registered.Ask<CommandResponse>(new Command("camera-list", []), Patience)).Msg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost", true)]
    [InlineData("", false)]
    [InlineData("0.0.0.0", false)]
    public void Its_port_is_opened_on_loopback_only(string host, bool opens) => Assert.Equal(opens, PetabridgeConsoleService.IsLoopback(host));

    private Task<CommandResponse> AskAsync(string name, params (string Switch, string Value)[] arguments) =>
        _handler.Ask<CommandResponse>(new Command(name, [.. arguments.Select(a => Tuple.Create(a.Switch, a.Value))]), Patience);

    private Task<OperatorReply> Answer(IReadOnlyList<string> words)
    {
        _asked.Add(string.Join(' ', words));
        return Task.FromResult<OperatorReply>(words[^1] == "cam9"
            ? new CommandFailed("there is no camera cam9", "this node has cam1")
            : new InspectionTables(InspectionTable.Of("cameras", [new("camera"), new("state")], [["cam1", "streaming"]])));
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();
}
