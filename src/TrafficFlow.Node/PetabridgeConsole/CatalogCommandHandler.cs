using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.PetabridgeConsole;

/// <summary>
/// Carries out the commands of <see cref="CatalogPalette"/> as `trafficflow ctl` does. The console's port knows no accounts, so what changes something
/// is refused here: for that there is the node's own socket.
/// </summary>
internal sealed class CatalogCommandHandler : CommandHandlerActor
{
    /// <summary>Columns of the console's tables: it does not say how wide it is.</summary>
    private const int Width = 160;

    /// <param name="ask">Has a command, by its words, carried out.</param>
    public static Props Props(Func<IReadOnlyList<string>, Task<OperatorReply>> ask) => Akka.Actor.Props.Create(() => new CatalogCommandHandler(ask));

    public CatalogCommandHandler(Func<IReadOnlyList<string>, Task<OperatorReply>> ask) : base(CatalogPalette.Palette)
    {
        foreach (var command in CommandCatalog.Commands)
        {
            Process(CatalogPalette.NameOf(command), given => AnswerAsync(CatalogPalette.WordsOf(command, given), ask).PipeTo(
                Sender, failure: e => new ErroredCommandResponse($"the command failed: {e.GetBaseException().Message}")));
        }
    }

    private static async Task<CommandResponse> AnswerAsync(IReadOnlyList<string> words, Func<IReadOnlyList<string>, Task<OperatorReply>> ask) => CommandCatalog.Read(words) switch
    {
        { Command: null } wrong => new ErroredCommandResponse(wrong.Problem),
        { Command.Changes: true } => new ErroredCommandResponse($"{words[0]} {words[1]} changes something, and this console knows no accounts: use trafficflow ctl {string.Join(' ', words)}"),
        _ => await ask(words) switch
        {
            InspectionTables tables => new CommandResponse(CtlTables.TextOf(tables.Tables, Width)),
            CommandFailed failed => new ErroredCommandResponse($"{failed.Reason}: {failed.Remedy}"),
            var other => new ErroredCommandResponse($"an answer of another kind: {other.GetType().Name}"),
        },
    };
}

/// <summary>What the console is given.</summary>
/// <param name="ask">Has a command, by its words, carried out.</param>
internal sealed class CatalogCommands(Func<IReadOnlyList<string>, Task<OperatorReply>> ask) : CommandPaletteHandler(CatalogPalette.Palette)
{
    public override Props HandlerProps { get; } = CatalogCommandHandler.Props(ask);
}
