namespace ModelCompiler.Data.Tests;

/// <summary>Captions are read back by a grammar of their own and compared with the geometry of the scene.</summary>
public sealed class CaptionTests
{
    private const int Scenes = 6_000;

    [Fact]
    public void Captions_are_true_and_use_every_form_and_word()
    {
        var (words, forms) = (new HashSet<string>(), new HashSet<string>());
        var world = new ShapesWorld(16, seed: 4);
        for (var i = 0; i < Scenes; i++)
        {
            var scene = world[i];
            var parts = scene.Caption.Split(' ');
            words.UnionWith(parts);
            Assert.InRange(parts.Length, 4, CaptionGrammar.MaxWords);
            var reader = new Reader(parts, scene.Objects);
            Assert.True(reader.Sentence(), $"\"{scene.Caption}\" is not true of {string.Join(", ", scene.Objects)}");
            forms.Add(reader.Form);
        }

        Assert.Equal(ShapesWorld.Vocabulary, words.Order(StringComparer.Ordinal));
        Assert.Equal(["count", "place", "places", "relation", "relations", "thing"], forms.Order());
    }

    [Fact]
    public void The_vocabulary_has_no_word_twice() => Assert.Distinct(ShapesWorld.Vocabulary);

    [Fact]
    public void A_false_caption_is_told_apart()
    {
        SceneObject[] objects =
        [
            new(Shape.Circle, ShapeColour.Red, true, 800, 2000, 700),
            new(Shape.Square, ShapeColour.Blue, false, 3000, 2100, 400),
        ];
        Assert.True(new Reader("a large red circle left of a small blue square".Split(' '), objects).Sentence());
        Assert.False(new Reader("a large red circle right of a small blue square".Split(' '), objects).Sentence());
        Assert.False(new Reader("a large red circle above a small blue square".Split(' '), objects).Sentence());
        Assert.False(new Reader("a large red star".Split(' '), objects).Sentence());
        Assert.True(new Reader("two shapes including a large red circle at the left".Split(' '), objects).Sentence());
        Assert.False(new Reader("three shapes including a large red circle at the left".Split(' '), objects).Sentence());
        Assert.False(new Reader("two shapes including a large red circle at the top left".Split(' '), objects).Sentence());
    }

    /// <summary>Every thing named is looked up among the objects; a sentence is true when some choice of objects makes it so.</summary>
    private sealed class Reader(string[] words, IReadOnlyList<SceneObject> objects)
    {
        private int _at;

        public string Form { get; private set; } = "";

        public bool Sentence()
        {
            if (Peek() is "two" or "three")
            {
                Form = "count";
                var count = Next() == "two" ? 2 : 3;
                return objects.Count == count && Next() == "shapes" && Next() == "including" && Placed(Thing()).Count > 0 && Done();
            }

            var first = Thing();
            if (Done())
            {
                Form = "thing";
                return first.Count > 0;
            }

            if (Peek() is "at" or "in")
            {
                first = Placed(first);
                Form = Done() ? "place" : "places";
                return first.Count > 0 && (Done() || (Next() == "and" && Placed(Thing()).Count > 0 && Done()));
            }

            Form = "relation";
            while (true)
            {
                first = Related(first);
                if (first.Count == 0 || Done())
                    return first.Count > 0;
                Form = "relations";
                if (Next() != "and")
                    return false;
            }
        }

        private string Peek() => _at < words.Length ? words[_at] : "";

        private string Next() => _at < words.Length ? words[_at++] : "";

        private bool Done() => _at == words.Length;

        private List<SceneObject> Thing()
        {
            Assert.Equal("a", Next());
            var (size, colour, shape) = (Next(), Next(), Next());
            return [.. objects.Where(o => o.Large == (size == "large") && Is(o.Colour, colour) && Is(o.Shape, shape))];
        }

        private static bool Is<T>(T value, string word) where T : struct, Enum => value.ToString().Equals(word, StringComparison.OrdinalIgnoreCase);

        private List<SceneObject> Placed(List<SceneObject> things)
        {
            const double Low = Scene.Canvas / 3.0, High = 2 * Low;
            var (vertical, horizontal) = ("", "");
            if (Next() == "in")
                Assert.Equal(["the", "middle"], new[] { Next(), Next() });
            else
            {
                Assert.Equal("the", Next());
                vertical = Peek() is "top" or "bottom" ? Next() : "";
                horizontal = Peek() is "left" or "right" ? Next() : "";
            }

            return [.. things.Where(o =>
                vertical == (o.Y < Low ? "top" : o.Y < High ? "" : "bottom") && horizontal == (o.X < Low ? "left" : o.X < High ? "" : "right"))];
        }

        private List<SceneObject> Related(List<SceneObject> things)
        {
            var relation = Next();
            if (relation is "left" or "right")
                Assert.Equal("of", Next());
            var others = Thing();
            return [.. things.Where(thing => others.Any(other => Holds(thing, relation, other)))];
        }

        /// <summary>The whole of one outline's box lies on that side of the other's.</summary>
        private static bool Holds(SceneObject from, string relation, SceneObject to) => relation switch
        {
            "left" => from.X + from.Radius < to.X - to.Radius,
            "right" => from.X - from.Radius > to.X + to.Radius,
            "above" => from.Y + from.Radius < to.Y - to.Radius,
            "below" => from.Y - from.Radius > to.Y + to.Radius,
            _ => false,
        };
    }
}
