using System.CommandLine;

namespace TrafficFlow.Node.Completion;

/// <summary>`trafficflow completion SHELL`: prints what a shell reads to complete the program's words with Tab.</summary>
public static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Verb(
            "completion",
            "Prints a script with which a shell completes verbs, options, commands of ctl, and names of the running node.",
            "source <(trafficflow completion bash)",
            "trafficflow completion zsh > ~/.zfunc/_trafficflow",
            "trafficflow completion fish > ~/.config/fish/completions/trafficflow.fish")
        {
            shell,
        };
        command.Details =
        [
            "The Debian package brings all three. Else put the line for bash into ~/.bashrc;",
            "for zsh a folder of $fpath, for fish its folder of completions. Names of cameras,",
            "approaches, actors and topics come from the node that the line names with",
            "--config or --data (or the service), while it runs.",
        ];
        command.SetAction(p => Print(p.GetRequiredValue(shell)));
        return command;
    }

    /// <exception cref="InvalidOperationException">The program was built without it.</exception>
    internal static string ScriptOf(string shell)
    {
        using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{shell}") ?? throw new InvalidOperationException($"there is no script for {shell}");
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }

    private static int Print(string shell)
    {
        Console.Write(ScriptOf(shell));
        return ExitCodes.Done;
    }
}
