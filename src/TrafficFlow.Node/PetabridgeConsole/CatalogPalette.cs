using Petabridge.Cmd;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.PetabridgeConsole;

/// <summary>
/// The catalog as a palette of Petabridge.Cmd: `pbm trafficflow camera-show --id cam1`. One palette of our own name, since the library has its own
/// `actor` and `cluster`; arguments by switches, since its commands have no places. Pure.
/// </summary>
internal static class CatalogPalette
{
    public const string Name = "trafficflow";

    public static CommandPalette Palette { get; } = new(Name, CommandCatalog.Commands.Select(Definition));

    public static string NameOf(CatalogCommand command) => command.Verb.Replace(' ', '-');

    /// <summary>SITE/APPROACH becomes --site-approach, --system stays.</summary>
    public static string SwitchOf(CatalogArgument argument) => argument.IsFlag ? argument.Name : $"--{argument.Name.Replace('/', '-').ToLowerInvariant()}";

    private static CommandDefinition Definition(CatalogCommand command)
    {
        var builder = new CommandDefinitionBuilder().WithName(NameOf(command)).WithDescription(command.Help);
        foreach (var argument in command.Arguments)
        {
            builder = builder.WithArgument(a => a
                .WithName(SwitchOf(argument)[2..]).IsMandatory(argument.IsRequired).WithSwitch(SwitchOf(argument))
                .WithDescription(argument.IsFlag ? "true, or left out." : argument.Name));
        }

        return builder.Build();
    }

    /// <summary>The words of the catalog that a command of the console means.</summary>
    public static IReadOnlyList<string> WordsOf(CatalogCommand command, Command given)
    {
        var values = command.Arguments.Select(a => (Argument: a, Value: given.Arguments.FirstOrDefault(g => g.Item1 == SwitchOf(a))?.Item2));
        return
        [
            .. command.Verb.Split(' '),
            .. values.Where(v => v.Value is not null && !(v.Argument.IsFlag && v.Value is "false")).Select(v => v.Argument.IsFlag ? v.Argument.Name : v.Value!),
        ];
    }
}
