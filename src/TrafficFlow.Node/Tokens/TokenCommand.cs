using System.CommandLine;

namespace TrafficFlow.Node.Tokens;

/// <summary>`trafficflow token`: who may read topics of a server from elsewhere.</summary>
public static class TokenCommand
{
    private sealed record Place(Option<string?> Tokens, Option<string?> Config)
    {
        public TokenJob Job(ParseResult parsed) => new(TokenPlace.Find(parsed.GetValue(Tokens), parsed.GetValue(Config)), TimeProvider.System);
    }

    public static Command Create()
    {
        var place = new Place(
            new Option<string?>("--tokens") { Description = "The file of the tokens. [default: /var/lib/trafficflow/tokens.json, of a node that runs there]", HelpName = "FILE" },
            new Option<string?>("--config") { Description = "Or the settings of the node, which name it.", HelpName = "FILE" });
        return new Verb(
            "token",
            "Makes, lists and revokes the tokens with which programs elsewhere read topics of a server (trafficflow.subscriptions).",
            "trafficflow token create --name anna --scope 'flow.kokandori.*' --until 2027-03-31 --config server.conf",
            "trafficflow token list --config server.conf",
            "trafficflow token revoke anna --config server.conf")
        {
            CreateVerb(place), ListVerb(place), RevokeVerb(place),
        };
    }

    private static Verb CreateVerb(Place place)
    {
        var name = new Option<string>("--name") { Description = "Whose it is: a person or a program.", HelpName = "NAME", Required = true };
        var scope = new Option<string[]>("--scope")
        {
            Description = "What may be read: a topic, with * for any name in it. Several with commas, or --scope again.",
            HelpName = "TOPIC",
            Required = true,
        };
        var until = new Option<string>("--until") { Description = "Last day on which it is good (UTC), 2027-03-31, or an instant with its offset, 2027-03-31T18:00+09:00.", HelpName = "DAY", Required = true };
        var output = new Option<string?>("--out") { Description = "A new file for the token, which only its owner can read. [default: standard output]", HelpName = "FILE" };
        var verb = new Verb(
            "create",
            "Makes a token and prints it, once: only its hash is kept. A running server takes it within a second.",
            "trafficflow token create --name anna --scope 'flow.kokandori.*' --until 2027-03-31 --config server.conf",
            "trafficflow token create --name board --scope 'flow.*.*,flow.*.*.live' --until 2027-03-31 --out board.token")
        {
            name, scope, until, output, place.Tokens, place.Config,
        };
        verb.Details =
        [
            "flow.SITE.* covers the closed bins of every approach of a site, flow.SITE.*.live the open ones, journeys.SITE each vehicle's way over",
            "its junction, incidents.SITE hints at what is wrong there, health.SITE.* its cameras. Give each program a token of its own, of as little as it needs.",
            "Without --out the token alone goes to standard output, and what else there is to say to standard error.",
        ];
        verb.SetAction((p, cancellation) => place.Job(p).CreateAsync(p.GetRequiredValue(name), p.GetRequiredValue(scope), p.GetRequiredValue(until), p.GetValue(output), cancellation));
        return verb;
    }

    private static Verb ListVerb(Place place)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, for programs." };
        var verb = new Verb("list", "Lists the tokens: whose, for what, until when, by whom. Never the tokens themselves.", "trafficflow token list --config server.conf")
        {
            json, place.Tokens, place.Config,
        };
        verb.SetAction(p => place.Job(p).List(p.GetValue(json)));
        return verb;
    }

    private static Verb RevokeVerb(Place place)
    {
        var name = new Argument<string>("NAME") { Description = "Of the token." };
        var verb = new Verb("revoke", "Ends a token. A running server closes what is open with it within seconds.", "trafficflow token revoke anna --config server.conf")
        {
            name, place.Tokens, place.Config,
        };
        verb.SetAction((p, cancellation) => place.Job(p).RevokeAsync(p.GetRequiredValue(name), cancellation));
        return verb;
    }
}
