using Akka.Actor;

// Stands in for the packages Petabridge.Cmd and Petabridge.Cmd.Host, which are not served here: the public shapes that their documentation and samples
// show, as far as the adapter uses them, and no console behind them. With -p:PetabridgeCmdPackage=VERSION the real package takes their place.
namespace Petabridge.Cmd
{
    public sealed record CommandArgument(string Name, bool IsMandatory, string Description, IReadOnlyList<string> Switch);

    public sealed class ArgumentBuilder
    {
        private readonly List<string> _switches = [];
        private string _name = "";
        private string _description = "";
        private bool _isMandatory;

        public ArgumentBuilder WithName(string name)
        {
            _name = name;
            return this;
        }

        public ArgumentBuilder WithDescription(string description)
        {
            _description = description;
            return this;
        }

        public ArgumentBuilder WithSwitch(string name)
        {
            _switches.Add(name);
            return this;
        }

        public ArgumentBuilder IsMandatory(bool mandatory)
        {
            _isMandatory = mandatory;
            return this;
        }

        internal CommandArgument Build() => new(_name, _isMandatory, _description, _switches);
    }

    public sealed class CommandDefinition(string name, string description, IReadOnlyList<CommandArgument> arguments)
    {
        public string Name { get; } = name;

        public string Description { get; } = description;

        public IReadOnlyDictionary<string, CommandArgument> ArgumentsByName { get; } = arguments.ToDictionary(a => a.Name, StringComparer.Ordinal);
    }

    public sealed class CommandDefinitionBuilder
    {
        private readonly List<CommandArgument> _arguments = [];
        private string _name = "";
        private string _description = "";

        public CommandDefinitionBuilder WithName(string name)
        {
            _name = name;
            return this;
        }

        public CommandDefinitionBuilder WithDescription(string description)
        {
            _description = description;
            return this;
        }

        public CommandDefinitionBuilder WithArgument(Func<ArgumentBuilder, ArgumentBuilder> build)
        {
            _arguments.Add(build(new ArgumentBuilder()).Build());
            return this;
        }

        public CommandDefinition Build() => new(_name, _description, _arguments);
    }

    public sealed class CommandPalette(string name, IEnumerable<CommandDefinition> commands)
    {
        public string Name { get; } = name;

        public IReadOnlyList<CommandDefinition> Commands { get; } = [.. commands];
    }

    /// <summary>As it comes from the client: a switch and its value each.</summary>
    public sealed class Command(string name, IReadOnlyList<Tuple<string, string>> arguments)
    {
        public string Name { get; } = name;

        public IReadOnlyList<Tuple<string, string>> Arguments { get; } = arguments;
    }

    public class CommandResponse(string msg, bool final = true)
    {
        public string Msg { get; } = msg;

        public bool Final { get; } = final;
    }

    public sealed class ErroredCommandResponse(string msg) : CommandResponse(msg);
}

namespace Petabridge.Cmd.Host
{
    public abstract class CommandPaletteHandler(CommandPalette palette)
    {
        public CommandPalette Palette { get; } = palette;

        public abstract Props HandlerProps { get; }

        public virtual void OnRegister(PetabridgeCmd plugin)
        {
        }
    }

    public abstract class CommandHandlerActor : ReceiveActor
    {
        private readonly Dictionary<string, Action<Command>> _handlers = [];

        protected CommandHandlerActor(CommandPalette commands)
        {
            Receive<Command>(c => _handlers.ContainsKey(c.Name), c => _handlers[c.Name](c));
            Receive<Command>(c => Sender.Tell(new ErroredCommandResponse($"{commands.Name} has no command {c.Name}")));
        }

        protected void Process(string commandName, Action<Command> handle) => _handlers[commandName] = handle;
    }

    public sealed class PetabridgeCmd : IExtension
    {
        private readonly ExtendedActorSystem _system;

        internal PetabridgeCmd(ExtendedActorSystem system) => _system = system;

        public ActorSystem Sys => _system;

        public static PetabridgeCmd Get(ActorSystem system) => system.WithExtension<PetabridgeCmd, Provider>();

        public bool RegisterCommandPalette(CommandPaletteHandler handler)
        {
            handler.OnRegister(this);
            _system.SystemActorOf(handler.HandlerProps, $"cmd-{handler.Palette.Name}");
            return true;
        }

        public void Start()
        {
        }

        private sealed class Provider : ExtensionIdProvider<PetabridgeCmd>
        {
            public override PetabridgeCmd CreateExtension(ExtendedActorSystem system) => new(system);
        }
    }
}
