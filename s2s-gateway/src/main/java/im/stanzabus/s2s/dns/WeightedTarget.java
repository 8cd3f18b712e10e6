package im.stanzabus.s2s.dns;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// A target with what an SRV record says of when it is to be tried (RFC 2782).
///
/// @param priority lower ones are tried first
/// @param weight how often it comes first among those of its priority, relative to the others
record WeightedTarget(int priority, int weight, Target target) {
    /// The order in which targets are tried: by priority, and among those of one priority by chance, according
    /// to their weights.
    static List<Target> order(Collection<WeightedTarget> targets, RandomGenerator random) {
        List<Target> ordered = new ArrayList<>(targets.size());
        targets.stream()
                .collect(Collectors.groupingBy(WeightedTarget::priority, TreeMap::new, Collectors.toList()))
                .values()
                .forEach(group -> drawAll(group, random, ordered));
        return ordered;
    }

    /// Those of weight 0 stand at the beginning: one of them is drawn only by the number 0.
    private static void drawAll(List<WeightedTarget> group, RandomGenerator random, List<Target> ordered) {
        List<WeightedTarget> left = new ArrayList<>(group);
        Collections.shuffle(left, random);
        left.sort(Comparator.comparing(target -> target.weight != 0));
        int sum = left.stream().mapToInt(WeightedTarget::weight).sum();
        while (!left.isEmpty()) {
            WeightedTarget next = left.remove(draw(left, random.nextInt(sum + 1)));
            sum -= next.weight;
            ordered.add(next.target);
        }
    }

    /// The place of the first target with which the running sum of weights reaches the number.
    private static int draw(List<WeightedTarget> targets, int number) {
        int place = 0;
        int reached = targets.getFirst().weight;
        while (reached < number) {
            reached += targets.get(++place).weight;
        }
        return place;
    }
}
