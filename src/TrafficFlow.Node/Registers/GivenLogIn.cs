using System.CommandLine;
using Spectre.Console;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Node.Registers;

/// <summary>Who a verb is for: --as ACCOUNT. Password and code are asked for at the terminal, or are the next lines of standard input; they are no arguments, which every user of the machine can read.</summary>
/// <param name="Account">Null where nobody is named.</param>
internal sealed record GivenLogIn(string? Account)
{
    public static Option<string?> Option() => new("--as")
    {
        Description = "Log in with this account: a person of the register, as two-person rules ask for. Password and code are asked for, or are the next lines of standard input.",
        HelpName = "ACCOUNT",
    };

    /// <returns>Null where nobody is named.</returns>
    /// <exception cref="UsageException">Standard input has ended.</exception>
    public (string Account, string Password, string? Code)? Ask(VaultPlace place)
    {
        if (Account is null) return null;
        var password = Ask($"Password of {Account}");
        return (Account, password, HasSecondFactor(place) ? Ask($"Code of {Account}'s authenticator") : null);
    }

    private bool HasSecondFactor(VaultPlace place)
    {
        try
        {
            return AccountStore.Over(place.Data, TimeProvider.System).List().Find(Account!)?.HasSecondFactor == true;
        }
        catch (VaultFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private static string Ask(string what)
    {
        if (Console.IsInputRedirected) return Console.ReadLine() ?? throw new UsageException($"{what} was asked for on standard input, which has ended");
        return AnsiConsole.Prompt(new TextPrompt<string>($"{what}:").Secret(null));
    }
}
